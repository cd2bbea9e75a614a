using ImageBackup.Disks.Reading;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Disks.Writing;

/// <summary>Writes a disk as raw bytes into a sparse file.</summary>
public static class RawWriter
{
    /// <summary>Zeros of this length, aligned to it, become holes.</summary>
    private const int Piece = 4096;

    /// <summary>Writes the guest's disk into an empty file and sets the file's length. The caller flushes.</summary>
    /// <param name="progress">Told how many bytes of the disk are done.</param>
    /// <returns>Bytes of the disk.</returns>
    /// <exception cref="DiskImageException">The image is damaged or larger than allowed.</exception>
    public static async Task<long> WriteAsync(DiskImage image, SafeFileHandle target, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var length = image.Guest is { } guest
            ? await WriteInParallelAsync(guest, target, progress, cancellationToken)
            : await WriteStreamAsync(image, target, progress, cancellationToken);
        RandomAccess.SetLength(target, length);
        return length;
    }

    private static async Task<long> WriteInParallelAsync(DiskSource guest, SafeFileHandle target, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await foreach (var chunk in ReadAhead.RunAsync(guest, chunk => Write(target, chunk.Data.Span, chunk.Offset), cancellationToken))
        {
            progress?.Report(chunk.Offset + chunk.Length);
        }

        return guest.Length;
    }

    private static async Task<long> WriteStreamAsync(DiskImage image, SafeFileHandle target, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var length = 0L;
        await foreach (var extent in image.ReadAsync(cancellationToken))
        {
            Write(target, extent.Data.Span, extent.Offset);
            length = extent.Offset + extent.Length;
            progress?.Report(length);
        }

        return length;
    }

    /// <summary>Writes all but the zeros.</summary>
    internal static void Write(SafeFileHandle target, ReadOnlySpan<byte> data, long offset) => Zeros.WriteData(target, data, offset, Piece);
}
