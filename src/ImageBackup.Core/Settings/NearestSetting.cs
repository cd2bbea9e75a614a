using System.Text.RegularExpressions;

namespace ImageBackup.Core.Settings;

/// <summary>Finds the known key that an unknown key most likely means.</summary>
internal static partial class NearestSetting
{
    /// <summary>Stands for the number of a list entry.</summary>
    private const string Number = "0";

    /// <summary>Returns the key with the most similar name and path; the name counts twice. It keeps the list numbers of <paramref name="wrong"/>.</summary>
    public static string Find(KnownSetting root, string wrong)
    {
        var nearest = Paths(root, []).MinBy(path => (2 * Edits(Name(path), Name(wrong))) + Edits(path, Numbers().Replace(wrong, Number)))!;
        var numbers = new Queue<string>(Numbers().Matches(wrong).Select(match => match.Value));
        return Numbers().Replace(nearest, _ => numbers.TryDequeue(out var number) ? number : Number);
    }

    private static IEnumerable<string> Paths(KnownSetting known, string[] path)
    {
        if (known.ValueType is not null)
        {
            return [string.Join(':', path)];
        }

        return known.Entry is { } entry
            ? Paths(entry, [.. path, known.IsList ? Number : "NAME"])
            : known.Members.SelectMany(member => Paths(member.Value, [.. path, member.Key]));
    }

    /// <summary>Returns the last part of a path that is not the number of a list entry.</summary>
    private static string Name(string path) => path.Split(':').Last(part => !part.All(char.IsAsciiDigit));

    /// <summary>Returns the Levenshtein distance, ignoring case.</summary>
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substituted = diagonal + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    [GeneratedRegex("(?<=:)[0-9]+(?=:|$)")]
    private static partial Regex Numbers();
}
