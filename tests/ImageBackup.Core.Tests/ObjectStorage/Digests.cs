using System.Security.Cryptography;

namespace ImageBackup.Core.Tests.ObjectStorage;

internal static class Digests
{
    /// <summary>Returns the SHA-256 in lower-case hex.</summary>
    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
