using ImageBackup.Core.Errors;
using ImageBackup.Disks;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;
using Zeros = ImageBackup.Ova.IO.Zeros;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Restores the bytes that the guest of a disk image sees as a raw, sparse volume.</summary>
internal static class DiskRestorer
{
    private const int BufferSize = 1 << 20;

    // Zeros of this length become holes of the volume.
    private const int Piece = 4096;

    /// <summary>Writes the volume and flushes it to the disk. Then reads it back and compares it.</summary>
    /// <param name="image">The disk image.</param>
    /// <param name="path">The volume. An existing file is overwritten. The caller deletes it after an exception.</param>
    /// <param name="reportAsync">Receives the bytes of the disk that are written, and then those that are compared.</param>
    /// <param name="cancellationToken">Stops the work within a block.</param>
    /// <returns>Bytes of the disk.</returns>
    /// <exception cref="DiskImageException">The image is damaged or larger than allowed.</exception>
    /// <exception cref="UnavailableException">The volume has other bytes than were written.</exception>
    public static async Task<long> RestoreAsync(DiskImage image, string path, Func<DiskProgress, ValueTask> reportAsync, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        var (length, digest) = await WriteAsync(image, file, reportAsync, cancellationToken);
        if (await ReadBackAsync(path, length, reportAsync, cancellationToken) != digest)
        {
            throw new UnavailableException($"The storage returns other bytes than were written to {Path.GetFileName(path)}.");
        }

        return length;
    }

    private static async Task<(long Length, string Digest)> WriteAsync(
        DiskImage image, SafeFileHandle file, Func<DiskProgress, ValueTask> reportAsync, CancellationToken cancellationToken)
    {
        using var digest = new GuestDigest();
        var length = 0L;
        await foreach (var extent in image.ReadAsync(cancellationToken))
        {
            digest.Add(extent.Offset, extent.Data.Span);
            Zeros.WriteData(file, extent.Data.Span, extent.Offset, Piece);
            length = extent.Offset + extent.Length;
            await reportAsync(new DiskProgress(length, 0));
        }

        RandomAccess.SetLength(file, length);
        RandomAccess.FlushToDisk(file);
        NativeFile.DropCache(file);
        return (length, digest.Finish(length));
    }

    private static async Task<string> ReadBackAsync(string path, long length, Func<DiskProgress, ValueTask> reportAsync, CancellationToken cancellationToken)
    {
        using var volume = new FileSource(path, 0, length);
        using var digest = new GuestDigest();
        var buffer = new byte[BufferSize];
        for (var offset = 0L; offset < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = (int)Math.Min(BufferSize, length - offset);
            volume.Read(buffer.AsSpan(0, count), offset);
            digest.Add(offset, buffer.AsSpan(0, count));
            offset = Math.Max(offset + count, volume.NextData(offset + count) / GuestDigest.BlockSize * GuestDigest.BlockSize);
            await reportAsync(new DiskProgress(length, Math.Min(offset, length)));
        }

        return digest.Finish(length);
    }
}

/// <summary>How far a restore is.</summary>
/// <param name="Written">Bytes of the disk that are written.</param>
/// <param name="Compared">Bytes of the disk that were read back.</param>
internal readonly record struct DiskProgress(long Written, long Compared);
