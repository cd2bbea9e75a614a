using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>An open member of an archive.</summary>
internal sealed class StoredFile : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly FileRegion region;
    private readonly string name;

    /// <summary>Opens a member.</summary>
    /// <exception cref="InvalidOvaException">The file ends before the member does.</exception>
    public StoredFile(FileRegion region, string name)
    {
        this.region = region;
        this.name = name;
        file = File.OpenHandle(region.Path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        if (region.Offset < 0 || region.Length < 0 || length - region.Offset < region.Length)
        {
            file.Dispose();
            throw new InvalidOvaException($"{name} is cut off: it occupies bytes {region.Offset} to {region.Offset + region.Length}, but the file has {length} bytes");
        }
    }

    public long Length => region.Length;

    public void Read(Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, region.Offset + offset);
            if (read == 0)
            {
                throw new InvalidOvaException($"{name} became shorter while it was read: it ends at byte {offset}");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }

    public void Dispose() => file.Dispose();
}
