using System.Text;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The metadata of an archive's object, enough for another instance to recognize the archive.</summary>
/// <param name="Sha256">The archive's SHA-256, lower-case hex.</param>
/// <param name="BackupId">The id of the image backup at the instance that stored it.</param>
/// <param name="Name">The name of the image backup.</param>
/// <param name="Image">The name of the image.</param>
public sealed record BackupMetadata(string? Sha256, string? BackupId, string? Name, string? Image)
{
    /// <summary>The longest value that every store accepts: Swift's default is 256 characters.</summary>
    internal const int MaxValueLength = 256;

    /// <summary>Reads the result of <see cref="ToPairs"/>. Missing values are null, and so is a <c>sha256</c> of another program that is no digest in hex.</summary>
    public static BackupMetadata FromPairs(IReadOnlyDictionary<string, string> pairs)
    {
        return new BackupMetadata(Digest(Value("sha256")), Value("backup-id"), Text("backup-name"), Text("image-name"));

        string? Value(string key) => pairs.GetValueOrDefault(key);

        static string? Digest(string? value) => value is { Length: 64 } && value.All(char.IsAsciiHexDigit) ? value.ToLowerInvariant() : null;

        string? Text(string key) => Value(key) is { } value ? Uri.UnescapeDataString(value) : null;
    }

    /// <summary>Returns the metadata of the object. Names are percent-encoded, because S3 metadata is ASCII, and shortened to the longest value.</summary>
    internal Dictionary<string, string> ToPairs()
        => new (string Key, string? Value)[] { ("sha256", Sha256), ("backup-id", BackupId), ("backup-name", Escape(Name)), ("image-name", Escape(Image)) }
            .Where(pair => !string.IsNullOrEmpty(pair.Value))
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);

    private static string Escape(string? text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            var piece = Uri.EscapeDataString(rune.ToString());
            if (escaped.Length + piece.Length > MaxValueLength)
            {
                break;
            }

            escaped.Append(piece);
        }

        return escaped.ToString();
    }
}
