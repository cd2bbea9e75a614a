using System.Buffers;
using System.Security.Cryptography;
using ImageBackup.Disks;

namespace ImageBackup.Ova.IO;

/// <summary>Hashes the bytes of a member. Holes are hashed as zeros and not read.</summary>
internal static class SourceHash
{
    private const int Step = 1 << 20;

    /// <summary>Hashes a range.</summary>
    /// <exception cref="DiskImageException">The file ends within the range.</exception>
    public static void Append(IncrementalHash hash, DiskSource source, long offset, long length, CancellationToken cancellationToken)
    {
        var end = offset + length;
        var buffer = ArrayPool<byte>.Shared.Rent(Step);
        try
        {
            while (offset < end)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var data = Math.Min(source.NextData(offset), end);
                Zeros.AppendTo(hash, data - offset, cancellationToken);
                var piece = buffer.AsSpan(0, (int)Math.Min(Step, end - data));
                source.Read(piece, data);
                hash.AppendData(piece);
                offset = data + piece.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
