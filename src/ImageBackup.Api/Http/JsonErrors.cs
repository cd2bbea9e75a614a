using System.Text.Json;

namespace ImageBackup.Api.Http;

/// <summary>Describes why a text is not JSON, and where. Typographic quotes, which appear when a sample is copied from a web page, are named.</summary>
internal static class JsonErrors
{
    private const string TypographicQuotes = "“”„‟«»‘’‚‛‹›″′";

    /// <summary>Returns the reason with line and column. Both are counted from 1, columns in characters.</summary>
    public static string Describe(string text, JsonException error)
    {
        var offset = OffsetOf(text, error.LineNumber ?? 0, error.BytePositionInLine ?? 0);
        if (FindQuote(text, offset) is { } quote)
        {
            return $"{text[quote]} U+{(int)text[quote]:X4} at {Place(text, quote)}: use the plain quote \"";
        }

        return $"{Reason(error)} at {Place(text, offset)}";
    }

    /// <summary>
    /// Returns the position of the typographic quote that caused an error at <paramref name="end"/>: a quote at a place for a token, or else the
    /// first quote inside the last string before the error, as that quote was meant to end the string.
    /// </summary>
    private static int? FindQuote(string text, int end)
    {
        int? inLastString = null;
        var inString = false;
        for (var i = 0; i < text.Length && (i <= end || inString); i++)
        {
            var c = text[i];
            if (c == '"')
            {
                inString = !inString;
                inLastString = inString ? null : inLastString;
            }
            else if (inString && c == '\\')
            {
                i++;
            }
            else if (TypographicQuotes.Contains(c))
            {
                if (!inString)
                {
                    return i;
                }

                inLastString ??= i;
            }
        }

        return inLastString;
    }

    private static string Reason(JsonException error)
    {
        var message = error.Message;
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (cut < 0 ? message : message[..cut]).TrimEnd('.', ' ');
    }

    private static int OffsetOf(string text, long line, long byteInLine)
    {
        var start = 0;
        for (long i = 0; i < line; i++)
        {
            start = text.IndexOf('\n', start) + 1;
        }

        var bytes = 0L;
        var offset = start;
        foreach (var rune in text.AsSpan(start).EnumerateRunes())
        {
            if (bytes >= byteInLine)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            offset += rune.Utf16SequenceLength;
        }

        return Math.Min(offset, text.Length);
    }

    private static string Place(string text, int offset)
    {
        var before = text.AsSpan(0, offset);
        var line = before.Count('\n') + 1;
        var column = offset - (before.LastIndexOf('\n') + 1) + 1;
        return $"line {line}, column {column}";
    }
}
