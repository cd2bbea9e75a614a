using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Emulator;

/// <summary>Reads sizes: a number of bytes, or text such as <c>64MiB</c>.</summary>
internal static partial class ByteSize
{
    private static readonly string[] Units = ["", "KIB", "MIB", "GIB", "TIB"];

    /// <summary>Returns the bytes.</summary>
    /// <exception cref="Core.Errors.InvalidRequestException">The value is no size, or larger than <paramref name="most"/>.</exception>
    public static long Read(string field, JsonElement value, long most)
    {
        var bytes = Find(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
        return bytes is { } size && size >= 1 && size <= most
            ? (long)size
            : throw InvalidField.Create(field, value, $"Use a number of bytes, or text such as 512KiB, 64MiB or 2GiB, from 1 to {most} bytes.");
    }

    private static decimal? Find(string text)
    {
        var match = Format().Match(text.Trim());
        return match.Success && decimal.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue
            ? number * (1L << (10 * Array.IndexOf(Units, match.Groups[2].Value.ToUpperInvariant())))
            : null;
    }

    [GeneratedRegex(@"\A([0-9]{1,19})\s*(|KiB|MiB|GiB|TiB)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Format();
}
