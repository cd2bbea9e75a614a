using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Computes the SHA-256 of a file whose ranges arrive in any order. It follows behind the first missing range, so it ends shortly after the last byte.</summary>
internal static class FollowingHash
{
    /// <summary>Returns the digest in lower-case hex, once every range is written.</summary>
    public static async Task<string> RunAsync(SafeFileHandle file, RangeSet ranges, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var number = 1; number <= ranges.Count; number++)
        {
            await ranges.WaitAsync(number, cancellationToken);
            await RangeHash.AppendAsync(file, ranges.Range(number), cancellationToken, hash);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
