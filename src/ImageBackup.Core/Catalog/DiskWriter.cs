using System.Security.Cryptography;
using ImageBackup.Disks;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.Catalog;

/// <summary>Size and digests of a stored disk.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Md5">Lower-case hex.</param>
/// <param name="Sha512">Lower-case hex.</param>
internal sealed record WrittenDisk(long Size, string Md5, string Sha512);

/// <summary>Writes a disk from its beginning to its end into an empty file, with holes for zeros. Computes Glance's digests on other threads meanwhile.</summary>
internal sealed class DiskWriter(SafeFileHandle file) : IDisposable
{
    // Runs of 64 KiB become holes. Wherever such a run begins, it contains whole pieces.
    private const int Piece = 16 * 1024;

    private static readonly byte[] Zero = new byte[1 << 20];

    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly IncrementalHash sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private long written;

    /// <summary>Appends bytes. They must not change until the task ends, and the next call must wait for it.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var offset = written;
        written += bytes.Length;
        return Task.WhenAll(
            Task.Run(() => md5.AppendData(bytes.Span)),
            Task.Run(() => sha512.AppendData(bytes.Span)),
            Task.Run(() => Zeros.WriteData(file, bytes.Span, offset, Piece)));
    }

    /// <summary>Appends a hole.</summary>
    public async Task SkipAsync(long length, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Task.Run(() => AppendZeros(md5, length, cancellationToken), cancellationToken), Task.Run(() => AppendZeros(sha512, length, cancellationToken), cancellationToken));
        written += length;
    }

    /// <summary>Sets the file's length and flushes it to the disk.</summary>
    public WrittenDisk Finish()
    {
        RandomAccess.SetLength(file, written);
        RandomAccess.FlushToDisk(file);
        return new WrittenDisk(written, Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha512.GetHashAndReset()));
    }

    public void Dispose()
    {
        md5.Dispose();
        sha512.Dispose();
    }

    private static void AppendZeros(IncrementalHash hash, long length, CancellationToken cancellationToken)
    {
        for (var rest = length; rest > 0; rest -= Zero.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(Zero, 0, (int)Math.Min(rest, Zero.Length));
        }
    }
}
