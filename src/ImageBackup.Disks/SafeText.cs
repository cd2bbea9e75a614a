using System.Globalization;
using System.Text;

namespace ImageBackup.Disks;

/// <summary>Makes text from an image fit for a message.</summary>
internal static class SafeText
{
    private const int MaxLength = 200;

    /// <summary>Returns the text in quotes, with control characters replaced and a bounded length.</summary>
    public static string Quote(ReadOnlySpan<byte> utf8)
    {
        var end = utf8.IndexOf((byte)0);
        return Quote(Encoding.UTF8.GetString(end < 0 ? utf8 : utf8[..end]));
    }

    /// <summary>Returns the text in quotes, with control characters replaced and a bounded length.</summary>
    public static string Quote(string text)
    {
        var safe = new StringBuilder("'");
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            safe.Append(IsPlain(character) ? character : '?');
        }

        return safe.Append(text.Length > MaxLength ? "…'" : "'").ToString();
    }

    private static bool IsPlain(char character) =>
        character != '\'' && CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
