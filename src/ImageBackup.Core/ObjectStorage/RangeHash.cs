using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Hashes ranges of files.</summary>
internal static class RangeHash
{
    private const int BufferSize = 1 << 20;

    /// <summary>Reads a range once and appends its bytes to each hash.</summary>
    /// <exception cref="EndOfStreamException">The file ends within the range.</exception>
    public static async Task AppendAsync(SafeFileHandle file, FileRange range, CancellationToken cancellationToken, params IncrementalHash[] hashes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var offset = range.Offset; offset < range.End;)
            {
                var wanted = (int)Math.Min(buffer.Length, range.End - offset);
                var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, wanted), offset, cancellationToken);
                if (read == 0)
                {
                    throw range.EndOfFile(offset);
                }

                foreach (var hash in hashes)
                {
                    hash.AppendData(buffer, 0, read);
                }

                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Returns the SHA-256 of a range in lower-case hex.</summary>
    public static async Task<string> Sha256Async(SafeFileHandle file, FileRange range, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await AppendAsync(file, range, cancellationToken, sha256);
        return Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    /// <summary>Returns the MD5 of a range, in base64 as <c>Content-MD5</c> has it.</summary>
    public static async Task<string> Md5Async(SafeFileHandle file, FileRange range, CancellationToken cancellationToken)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        await AppendAsync(file, range, cancellationToken, md5);
        return Convert.ToBase64String(md5.GetHashAndReset());
    }
}
