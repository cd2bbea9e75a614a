using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>SHA-256 of a file that is being filled in any order: follows behind the first gap, so that it ends shortly after the last byte comes.</summary>
internal static class FollowingHash
{
    private const int BufferSize = 1 << 20;

    /// <summary>Lower-case hex of the digest, once every range is there.</summary>
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

    /// <summary>Adds the range's bytes; a file that ends within it is an error of whoever filled it.</summary>
    public static async Task AppendAsync(IncrementalHash hash, SafeFileHandle file, FileRange range, byte[] buffer, CancellationToken cancellationToken)
    {
        for (var offset = range.Offset; offset < range.End;)
        {
            var wanted = (int)Math.Min(buffer.Length, range.End - offset);
            var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, wanted), offset, cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException($"The file ends at byte {offset}, within a range that ends at {range.End}.");
            }

            hash.AppendData(buffer, 0, read);
            offset += read;
        }
    }
}
