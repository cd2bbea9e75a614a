using System.Security.Cryptography;

namespace ImageBackup.Ova;

/// <summary>A digest of a member's bytes as stored.</summary>
/// <param name="Algorithm">SHA1, SHA256, SHA384 or SHA512.</param>
/// <param name="Hex">The digest in lower-case hex.</param>
public sealed record OvaDigest(string Algorithm, string Hex)
{
    private const string Sha256Name = "SHA256";

    /// <summary>The algorithm as messages write it: SHA-1, SHA-256, SHA-384 or SHA-512.</summary>
    public string Title => Algorithm.Insert("SHA".Length, "-");

    /// <summary><see cref="Hex"/> if the digest is SHA-256, else null.</summary>
    public string? Sha256Hex => Algorithm == Sha256Name ? Hex : null;

    /// <summary>Returns a SHA-256 digest, or null for null.</summary>
    public static OvaDigest? Sha256(string? hex) => hex is null ? null : new OvaDigest(Sha256Name, hex.ToLowerInvariant());

    /// <summary>Returns a hash that computes digests to compare with this one; SHA-256 for null.</summary>
    internal static IncrementalHash HashFor(OvaDigest? digest) => IncrementalHash.CreateHash(new HashAlgorithmName(digest?.Algorithm ?? Sha256Name));

    /// <summary>Returns the digest of the bytes that a hash of <see cref="HashFor"/> has read.</summary>
    internal static OvaDigest Finish(IncrementalHash hash) => new(hash.AlgorithmName.Name!, Convert.ToHexStringLower(hash.GetHashAndReset()));
}
