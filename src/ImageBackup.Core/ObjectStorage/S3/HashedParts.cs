using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>
/// Reads a file once, part by part, ahead of the requests that send the parts, and computes the digests of the parts and of the whole file. Each part is sent
/// with its digest, which the store compares with what arrives. So the object has exactly the bytes whose SHA-256 was compared here.
/// </summary>
internal static class HashedParts
{
    /// <summary>Returns the parts in their order. The last one comes only if the whole file has the recorded SHA-256.</summary>
    /// <exception cref="FileChangedException">The file has another SHA-256.</exception>
    /// <exception cref="EndOfStreamException">The file became shorter.</exception>
    public static async IAsyncEnumerable<HashedPart> ReadAsync(SafeFileHandle file, long length, long partSize, string? sha256, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var part = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var count = Math.Max(1, PartSizes.Count(length, partSize));
        for (var number = 1; number <= count; number++)
        {
            var range = PartSizes.Range(number, length, partSize);
            await RangeHash.AppendAsync(file, range, cancellationToken, whole, part);
            if (number == count)
            {
                FileChangedException.ThrowUnlessSame(sha256, Convert.ToHexStringLower(whole.GetHashAndReset()));
            }

            yield return new HashedPart(number, range, Convert.ToBase64String(part.GetHashAndReset()));
        }
    }
}
