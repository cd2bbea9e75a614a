using ImageBackup.Disks;
using ImageBackup.Ova.Tar;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>An open member of an archive.</summary>
internal sealed class StoredFile : IDisposable
{
    private readonly DiskSource source;
    private readonly SafeFileHandle? file;
    private readonly DirectFile? direct;
    private readonly FileRegion region;
    private readonly string name;

    /// <summary>Opens a member.</summary>
    /// <param name="region">Where it is.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="isLarge">True to read past the page cache. The holes of sparse members are not stored, so these members are read through it.</param>
    /// <exception cref="InvalidOvaException">The file ends before the member does.</exception>
    public StoredFile(FileRegion region, string name, bool isLarge = false)
    {
        this.region = region;
        this.name = name;
        try
        {
            source = MemberSource.Open(region);
        }
        catch (DiskImageException exception)
        {
            throw new InvalidOvaException($"{name} is cut off: {exception.Message}", exception);
        }

        if (isLarge && region.SparseEntry is null)
        {
            file = RegularFile.Open(region.Path, FileShare.ReadWrite | FileShare.Delete);
            direct = new DirectFile(file, FileAccess.Read, isLarge);
        }
    }

    public long Length => region.Length;

    public void Read(Span<byte> buffer, long offset)
    {
        try
        {
            source.Read(buffer, offset);
        }
        catch (DiskImageException exception)
        {
            throw new InvalidOvaException($"{name}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a range into a room, which has space for whole units of <see cref="DirectFile"/> around the range.</summary>
    /// <returns>Where the range begins in the room.</returns>
    public int Read(Span<byte> room, long offset, int length)
    {
        if (direct?.Read(room, region.Offset + offset, length) is { } found && found.Length == length)
        {
            return found.Start;
        }

        Read(room[..length], offset);
        return 0;
    }

    public void Dispose()
    {
        direct?.Dispose();
        file?.Dispose();
        source.Dispose();
    }
}
