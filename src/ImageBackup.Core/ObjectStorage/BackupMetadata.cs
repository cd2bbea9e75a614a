using System.Text;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>What an archive's object says of itself; enough for another instance to know what it finds.</summary>
/// <param name="Sha256">Of the archive, lower-case hex.</param>
/// <param name="BackupId">The backup's id at the instance that stored it.</param>
/// <param name="Name">The backup's name.</param>
/// <param name="Image">The image's name.</param>
public sealed record BackupMetadata(string? Sha256, string? BackupId, string? Name, string? Image)
{
    /// <summary>Longest value that every store takes: Swift's default is 256 characters.</summary>
    internal const int MaxValueLength = 256;

    /// <summary>Reads what <see cref="ToPairs"/> wrote; what is missing is null.</summary>
    public static BackupMetadata FromPairs(IReadOnlyDictionary<string, string> pairs)
    {
        return new BackupMetadata(Value("sha256"), Value("backup-id"), Text("backup-name"), Text("image-name"));

        string? Value(string key) => pairs.TryGetValue(key, out var value) ? value : null;

        string? Text(string key) => Value(key) is { } value ? Uri.UnescapeDataString(value) : null;
    }

    /// <summary>As metadata of an object. Names are percent-encoded, since S3 metadata is ASCII, and cut where they don't fit.</summary>
    internal Dictionary<string, string> ToPairs()
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("sha256", Sha256);
        Add("backup-id", BackupId);
        Add("backup-name", Name is null ? null : Escape(Name));
        Add("image-name", Image is null ? null : Escape(Image));
        return pairs;

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                pairs.Add(key, value);
            }
        }
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
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
