using System.Text;

namespace ImageBackup.Ova;

/// <summary>The one rule for names of members, whether a tar header, a descriptor or a manifest tells them: a plain file name.</summary>
internal static class MemberName
{
    public const int MaxBytes = 255;

    /// <summary>Why the name can't be used, or null where it can.</summary>
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

    /// <exception cref="InvalidOvaException">The name can't be used.</exception>
    public static string Check(string name, string where) =>
        Problem(name) is { } problem
            ? throw new InvalidOvaException($"{where}: the name {Quote(name)} is refused: {problem}.")
            : name;

    /// <summary>A name from outside, safe to show: cut, and its control characters escaped.</summary>
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
