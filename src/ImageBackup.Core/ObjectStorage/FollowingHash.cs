using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Computes the SHA-256 of a file whose ranges arrive in any order. It follows behind the first missing range, so it ends shortly after the last byte.</summary>
internal static class FollowingHash
{
    private const int BufferSize = 1 << 20;

    /// <summary>Returns the digest in lower-case hex, once every range is written.</summary>
    public static async Task<string> RunAsync(SafeFileHandle file, RangeSet ranges, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var number = 1; number <= ranges.Count; number++)
            {
                await ranges.WaitAsync(number, cancellationToken);
                await AppendAsync(hash, file, ranges.Range(number), buffer, cancellationToken);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task AppendAsync(IncrementalHash hash, SafeFileHandle file, FileRange range, byte[] buffer, CancellationToken cancellationToken)
    {
        for (var offset = range.Offset; offset < range.End;)
        {
            var wanted = (int)Math.Min(buffer.Length, range.End - offset);
            var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, wanted), offset, cancellationToken);
            if (read == 0)
            {
                throw range.EndOfFile(offset);
            }

            hash.AppendData(buffer, 0, read);
            offset += read;
        }
    }
}
