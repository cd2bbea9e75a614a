using System.Security.Cryptography;
using System.Text;

namespace ImageBackup.Ova.Archive;

/// <summary>The manifest of an archive: a digest for every other member (DSP0243 1.1 §5.1). It is written with SHA-256.</summary>
internal sealed class OvaManifest
{
    private OvaManifest(IReadOnlyDictionary<string, OvaDigest> digests, string sha256) => (Digests, Sha256) = (digests, sha256);

    /// <summary>SHA-256 of the manifest itself, lower-case hex.</summary>
    public string Sha256 { get; }

    /// <summary>The digests by name of the member.</summary>
    public IReadOnlyDictionary<string, OvaDigest> Digests { get; }

    /// <summary>Formats a manifest: <c>SHA256(name)= hex</c>, one line per member, in the given order.</summary>
    public static string Format(IEnumerable<(string Name, string Sha256)> members)
    {
        var text = new StringBuilder();
        foreach (var (name, sha256) in members)
        {
            text.Append("SHA256(").Append(name).Append(")= ").Append(sha256.ToLowerInvariant()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Parses a manifest in UTF-8.</summary>
    /// <param name="where">The manifest's name, for messages. The names in the manifest count from its folder.</param>
    /// <exception cref="InvalidOvaException">A line is no digest, or two lines name the same member.</exception>
    public static OvaManifest Parse(byte[] bytes, string where)
    {
        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        var digests = new Dictionary<string, OvaDigest>(StringComparer.Ordinal);
        var folder = MemberName.Folder(where);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            var (name, digest) = ParseLine(line.Trim(), $"{where}, line {number}");
            if (!digests.TryAdd(folder + name, digest))
            {
                throw new InvalidOvaException($"{where}, line {number}: {MemberName.Quote(name)} is named twice.");
            }
        }

        return new OvaManifest(digests, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>Returns the digest of a member.</summary>
    /// <exception cref="InvalidOvaException">The manifest does not cover the member.</exception>
    public OvaDigest Require(string name) =>
        Digests.GetValueOrDefault(name)
        ?? throw new InvalidOvaException($"The manifest has no digest for {MemberName.Quote(name)}; it must cover every member.");

    private static (string Name, OvaDigest Digest) ParseLine(string line, string where)
    {
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var close = line.LastIndexOf(')');
        var equals = close < 0 ? -1 : line.IndexOf('=', close);
        if (open <= 0 || close < open || equals < 0)
        {
            throw new InvalidOvaException($"{where}: {MemberName.Quote(line)} is no digest. Expected: SHA256(name)= hex.");
        }

        // OpenSSL 3 writes SHA2-256.
        var (algorithm, bytes) = line[..open].Trim().ToUpperInvariant() switch
        {
            "SHA256" or "SHA2-256" => ("SHA256", 32),
            "SHA1" => ("SHA1", 20),
            "SHA384" or "SHA2-384" => ("SHA384", 48),
            "SHA512" or "SHA2-512" => ("SHA512", 64),
            var other => throw InvalidOvaException.Unsupported(
                $"{where}: the digest algorithm {MemberName.Quote(other)} is not supported. SHA1, SHA256, SHA384 and SHA512 are supported."),
        };
        var name = MemberName.Check(line[(open + 1)..close], where);
        var hex = line[(equals + 1)..].Trim().ToLowerInvariant();
        return hex.Length == bytes * 2 && hex.All(char.IsAsciiHexDigit)
            ? (name, new OvaDigest(algorithm, hex))
            : throw new InvalidOvaException($"{where}: {MemberName.Quote(hex)} is no {algorithm} digest. Expected: {bytes * 2} hex digits.");
    }
}
