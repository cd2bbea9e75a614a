using System.Security.Cryptography;
using System.Text;

namespace ImageBackup.Ova.Archive;

/// <summary>A digest with its algorithm, as a manifest tells it.</summary>
/// <param name="Algorithm">SHA1, SHA256 or SHA512.</param>
/// <param name="Hex">Lower-case hex.</param>
public sealed record OvaDigest(HashAlgorithmName Algorithm, string Hex);

/// <summary>The manifest of an archive: a digest for every other member (DSP0243 1.1 §5.1). Written with SHA-256; SHA-1 and SHA-512 are read too.</summary>
public sealed class OvaManifest
{
    /// <summary>Suffix of the member that holds it.</summary>
    public const string Suffix = ".mf";

    private OvaManifest(IReadOnlyDictionary<string, OvaDigest> digests) => Digests = digests;

    /// <summary>By name of the member.</summary>
    public IReadOnlyDictionary<string, OvaDigest> Digests { get; }

    /// <summary>The text: <c>SHA256(name)= hex</c>, one line a member, in the order given.</summary>
    public static string Format(IEnumerable<(string Name, string Sha256)> members)
    {
        var text = new StringBuilder();
        foreach (var (name, sha256) in members)
        {
            text.Append("SHA256(").Append(name).Append(")= ").Append(sha256.ToLowerInvariant()).Append('\n');
        }

        return text.ToString();
    }

    /// <exception cref="InvalidOvaException">A line is no digest, or a member is named twice.</exception>
    public static OvaManifest Parse(string text, string where)
    {
        var digests = new Dictionary<string, OvaDigest>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            var (name, digest) = ParseLine(line.Trim(), $"{where}, line {number}");
            if (!digests.TryAdd(name, digest))
            {
                throw new InvalidOvaException($"{where}, line {number}: {MemberName.Quote(name)} is named twice.");
            }
        }

        return new OvaManifest(digests);
    }

    /// <summary>The digest of a member that must have one.</summary>
    /// <exception cref="InvalidOvaException">The manifest does not cover the member.</exception>
    internal OvaDigest Require(string name) =>
        Digests.GetValueOrDefault(name)
        ?? throw new InvalidOvaException($"The manifest has no digest for {MemberName.Quote(name)}; it must cover every member.");

    private static (string Name, OvaDigest Digest) ParseLine(string line, string where)
    {
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var close = line.LastIndexOf(')');
        var equals = close < 0 ? -1 : line.IndexOf('=', close);
        if (open <= 0 || close < open || equals < 0)
        {
            throw new InvalidOvaException($"{where}: {MemberName.Quote(line)} is no digest; SHA256(name)= hex is expected.");
        }

        var (algorithm, bytes) = line[..open].Trim().ToUpperInvariant() switch
        {
            "SHA256" => (HashAlgorithmName.SHA256, 32),
            "SHA1" => (HashAlgorithmName.SHA1, 20),
            "SHA512" => (HashAlgorithmName.SHA512, 64),
            var other => throw new InvalidOvaException(
                $"{where}: the digest {MemberName.Quote(other)} is unknown; SHA256, SHA1 and SHA512 are accepted."),
        };
        var name = MemberName.Check(line[(open + 1)..close], where);
        var hex = line[(equals + 1)..].Trim().ToLowerInvariant();
        return hex.Length == bytes * 2 && hex.All(char.IsAsciiHexDigit)
            ? (name, new OvaDigest(algorithm, hex))
            : throw new InvalidOvaException($"{where}: {MemberName.Quote(hex)} is no {algorithm.Name} digest; {bytes * 2} hex digits are expected.");
    }
}
