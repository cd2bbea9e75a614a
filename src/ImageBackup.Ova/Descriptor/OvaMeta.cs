using System.Globalization;

namespace ImageBackup.Ova.Descriptor;

/// <summary>The optional <c>.meta</c> member of some tools (pvsadm, <c>powervc-image</c>): <c>key = value</c> lines that complete a descriptor.</summary>
internal sealed class OvaMeta
{
    private const int MaxWord = 64;
    private const int MaxVolumeNumber = 9999;

    private OvaMeta(IReadOnlyDictionary<string, string> facts, IReadOnlyDictionary<string, bool> volumes)
    {
        OsType = facts.GetValueOrDefault("os-type");
        Architecture = facts.GetValueOrDefault("architecture");
        Volumes = volumes;
    }

    public string? OsType { get; }

    public string? Architecture { get; }

    /// <summary>The volumes by file name; true for a boot volume.</summary>
    public IReadOnlyDictionary<string, bool> Volumes { get; }

    /// <summary>Parses a <c>.meta</c> file. Unknown keys are ignored.</summary>
    /// <param name="where">The file's name, for messages.</param>
    /// <exception cref="InvalidOvaException">A line is no <c>key = value</c>, a key occurs twice, or the value of a known key is refused.</exception>
    public static OvaMeta Parse(string text, string where)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.AsSpan().Trim() is "" or ['#', ..])
            {
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !pairs.TryAdd(line[..equals].Trim(), line[(equals + 1)..].Trim()))
            {
                throw new InvalidOvaException($"{where}, line {number}: {MemberName.Quote(line)} is no key = value, or its key occurs twice.");
            }
        }

        var facts = pairs
            .Where(pair => pair.Value.Length > 0 && (Is(pair.Key, "os-type") || Is(pair.Key, "architecture")))
            .ToDictionary(pair => pair.Key.ToLowerInvariant(), pair => CheckWord(pair.Value, pair.Key, where));
        return new OvaMeta(facts, ReadVolumes(pairs, where));
    }

    /// <summary>Checks an <c>os_type</c> or <c>architecture</c> and returns it in lower case.</summary>
    /// <exception cref="InvalidOvaException">The text is no word of at most 64 characters.</exception>
    internal static string CheckWord(string text, string what, string where)
    {
        var word = text.ToLowerInvariant();
        return word.Length <= MaxWord && word.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
            ? word
            : throw new InvalidOvaException(
                $"{where}: {what} {MemberName.Quote(text)} is refused. Use at most {MaxWord} letters, digits, dots, dashes and underscores.");
    }

    private static Dictionary<string, bool> ReadVolumes(Dictionary<string, string> pairs, string where)
    {
        var volumes = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (key, file) in pairs)
        {
            if (!key.StartsWith("vol", StringComparison.OrdinalIgnoreCase)
                || !key.EndsWith("-file", StringComparison.OrdinalIgnoreCase)
                || !int.TryParse(key["vol".Length..^"-file".Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number > MaxVolumeNumber)
            {
                continue;
            }

            var type = pairs.GetValueOrDefault($"vol{number}-type") ?? "data";
            if (!Is(type, "boot") && !Is(type, "data"))
            {
                throw new InvalidOvaException($"{where}: vol{number}-type {MemberName.Quote(type)} is refused. Use boot or data.");
            }

            volumes[MemberName.Check(file, where)] = Is(type, "boot");
        }

        return volumes;
    }

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
