using ImageBackup.Disks;
using ImageBackup.Ova.Tar;

namespace ImageBackup.Ova.IO;

/// <summary>An open member of an archive.</summary>
internal sealed class StoredFile : IDisposable
{
    private readonly DiskSource source;
    private readonly FileRegion region;
    private readonly string name;

    /// <summary>Opens a member.</summary>
    /// <exception cref="InvalidOvaException">The file ends before the member does.</exception>
    public StoredFile(FileRegion region, string name)
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

    public void Dispose() => source.Dispose();
}
