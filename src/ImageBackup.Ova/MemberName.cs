using System.Text;

namespace ImageBackup.Ova;

/// <summary>The rule for names of members, in tar headers, descriptors and manifests alike: relative paths without dot segments. Suffixes say what a member is.</summary>
internal static class MemberName
{
    public const string DescriptorSuffix = ".ovf";
    public const string ManifestSuffix = ".mf";
    public const string MetaSuffix = ".meta";
    public const string BlockListSuffix = ".blocks";

    private const int MaxPartBytes = 255;
    private const int MaxBytes = 1024;

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

        if (name.Split('/', '\\').Any(part => part is "." or ".."))
        {
            return "it has dot segments";
        }

        var parts = name.Split('/');
        return name.Contains('\\') ? "it has a backslash; folders are separated by /"
            : parts.Any(part => part.Length == 0) ? "it has an empty folder or file name"
            : name.Contains('\uFFFD') ? "it is not UTF-8"
            : parts.Any(part => Encoding.UTF8.GetByteCount(part) > MaxPartBytes) ? $"a folder or file name in it is longer than {MaxPartBytes} bytes"
            : Encoding.UTF8.GetByteCount(name) > MaxBytes ? $"it is longer than {MaxBytes} bytes"
            : null;
    }

    /// <summary>Returns the name without leading <c>./</c>, which <c>tar cf x.ova .</c> writes.</summary>
    /// <param name="where">What contains the name, for the message.</param>
    /// <exception cref="InvalidOvaException">The name is refused.</exception>
    public static string Check(string name, string where)
    {
        var clean = WithoutDot(name);
        return Problem(clean) is { } problem
            ? throw new InvalidOvaException($"{where}: the name {Quote(name)} is refused: {problem}.")
            : clean;
    }

    /// <summary>Returns the name without leading <c>./</c>.</summary>
    public static string WithoutDot(string name)
    {
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        return name;
    }

    /// <summary>Returns the folder of a name with a <c>/</c> at its end; empty at the top. Names in descriptors and manifests count from their folder.</summary>
    public static string Folder(string name) => name[..(name.LastIndexOf('/') + 1)];

    /// <summary>Returns whether the name is that of a macOS companion file: <c>._x</c> has the attributes of <c>x</c>.</summary>
    public static bool IsCompanion(string name) => name[(name.LastIndexOf('/') + 1)..].StartsWith("._", StringComparison.Ordinal);

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
