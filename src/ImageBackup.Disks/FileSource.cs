using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Disks;

/// <summary>A file, or a region of one. Its holes are known where the file system tells them.</summary>
public sealed partial class FileSource : DiskSource
{
    private const int SeekData = 3;
    private const int NothingButHoles = 6; // ENXIO

    private readonly SafeFileHandle file;
    private readonly long start;

    /// <summary>Opens a whole file.</summary>
    public FileSource(string path)
        : this(path, 0, new FileInfo(path).Length)
    {
    }

    /// <summary>Opens a region of a file.</summary>
    /// <exception cref="DiskImageException">The file ends before the region does.</exception>
    /// <exception cref="IOException">The path leads to a pipe, a device or a socket.</exception>
    public FileSource(string path, long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete);
        start = offset;
        Length = length;
        var end = RandomAccess.GetLength(file);
        if (end - offset < length)
        {
            file.Dispose();
            throw DiskImageException.Damaged($"The file ends at byte {end}, before the end of the disk at byte {offset + length}.");
        }
    }

    /// <summary>Takes an open file over.</summary>
    internal FileSource(SafeFileHandle file)
    {
        this.file = file;
        Length = RandomAccess.GetLength(file);
    }

    public override long Length { get; }

    public override void Read(Span<byte> buffer, long offset)
    {
        for (var done = 0; done < buffer.Length;)
        {
            var count = RandomAccess.Read(file, buffer[done..], start + offset + done);
            if (count == 0)
            {
                throw DiskImageException.Damaged($"The file became shorter while it was read: it ends before byte {start + offset + buffer.Length}.");
            }

            done += count;
        }
    }

    public override long NextData(long offset)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return offset;
        }

        var found = Seek(file, start + offset, SeekData);
        return found >= 0
            ? Math.Min(found - start, Length)
            : Marshal.GetLastPInvokeError() == NothingButHoles ? Length : offset;
    }

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);
}
