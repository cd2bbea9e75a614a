using System.Buffers;
using System.Security.Cryptography;
using ImageBackup.Disks;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.Catalog;

/// <summary>Size and digests of a received file.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Md5">Lower-case hex.</param>
/// <param name="Sha512">Lower-case hex.</param>
internal sealed record WrittenFile(long Size, string Md5, string Sha512);

/// <summary>Copies a stream to a file with holes for runs of zeros. Computes Glance's digests on other threads meanwhile.</summary>
internal static class SparseFileWriter
{
    private const int BufferSize = 1 << 20;

    // Runs of 64 KiB become holes. Wherever such a run begins, it contains whole pieces.
    private const int Piece = 16 * 1024;

    /// <summary>Copies <paramref name="source"/> into the empty <paramref name="file"/> and flushes it to the disk.</summary>
    public static async Task<WrittenFile> CopyAsync(Stream source, SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var filling = ArrayPool<byte>.Shared.Rent(BufferSize);
        var working = ArrayPool<byte>.Shared.Rent(BufferSize);
        long written = 0;
        var work = Task.CompletedTask;
        try
        {
            int length;
            while ((length = await source.ReadAtLeastAsync(filling.AsMemory(0, BufferSize), BufferSize, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                await work;
                (filling, working) = (working, filling);
                var chunk = working.AsMemory(0, length);
                var offset = written;
                work = Task.WhenAll(
                    Task.Run(() => md5.AppendData(chunk.Span), cancellationToken),
                    Task.Run(() => sha512.AppendData(chunk.Span), cancellationToken),
                    Task.Run(() => Zeros.WriteData(file, chunk.Span, offset, Piece), cancellationToken));
                written += length;
            }

            await work;
        }
        finally
        {
            // The work may still read the buffers. Its exception is thrown by the await above, or replaced by the one that ended the loop.
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(working);
        }

        RandomAccess.SetLength(file, written);
        RandomAccess.FlushToDisk(file);
        return new WrittenFile(written, Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha512.GetHashAndReset()));
    }
}
