using System.Text;

namespace ImageBackup.Ova;

/// <summary>The rule for names of members, in tar headers, descriptors and manifests alike: plain file names. Suffixes say what a member is.</summary>
internal static class MemberName
{
    public const string DescriptorSuffix = ".ovf";
    public const string ManifestSuffix = ".mf";
    public const string MetaSuffix = ".meta";
    public const string BlockListSuffix = ".blocks";

    private const int MaxBytes = 255;

    /// <summary>Returns why a name is refused, or null for an accepted name.</summary>
    public static string? Problem(string name)
    {
        if (name.Length == 0)
        {
            return "it is empty";
        }

        if (name.Any(char.IsControl))
        {
            return "it has control characters";
        }

        if (name.Contains("://", StringComparison.Ordinal))
        {
            return "it is a URL; only files inside the archive are read";
        }

        if (name[0] is '/' or '\\' || (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0])))
        {
            return "it is an absolute path";
        }

        if (name.Split('/', '\\') is { Length: > 0 } parts && parts.Any(part => part is "." or ".."))
        {
            return "it has dot segments";
        }

        return name.Contains('/') || name.Contains('\\') ? "it names a directory; a plain file name is expected"
            : name.Contains('\uFFFD') ? "it is not UTF-8"
            : Encoding.UTF8.GetByteCount(name) > MaxBytes ? $"it is longer than {MaxBytes} bytes"
            : null;
    }

    /// <summary>Returns the name.</summary>
    /// <param name="where">What contains the name, for the message.</param>
    /// <exception cref="InvalidOvaException">The name is refused.</exception>
    public static string Check(string name, string where) =>
        Problem(name) is { } problem
            ? throw new InvalidOvaException($"{where}: the name {Quote(name)} is refused: {problem}.")
            : name;

    /// <summary>Quotes text from an archive for a message: cut to 120 characters, control characters escaped.</summary>
    public static string Quote(string name)
    {
        var text = new StringBuilder("'");
        foreach (var character in name.AsSpan(0, Math.Min(name.Length, 120)))
        {
            _ = char.IsControl(character) || char.IsSurrogate(character)
                ? text.Append($"\\u{(int)character:x4}")
                : text.Append(character);
        }

        return text.Append(name.Length > 120 ? "…'" : "'").ToString();
    }
}
