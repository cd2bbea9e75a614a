using System.Globalization;
using System.Text.RegularExpressions;

namespace ImageBackup.Api.Http;

/// <summary>A version of the block storage API, such as 3.50.</summary>
internal readonly partial record struct Microversion(int Major, int Minor) : IComparable<Microversion>
{
    public static readonly Microversion Lowest = new(3, 0);

    /// <summary>Returns the version that <paramref name="text"/> names; null if it names none.</summary>
    public static Microversion? Parse(string text)
    {
        var match = Format().Match(text);
        return match.Success
            ? new Microversion(
                int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    public int CompareTo(Microversion other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public override string ToString() => $"{Major}.{Minor}";

    [GeneratedRegex(@"\A([1-9]\d{0,3})\.(0|[1-9]\d{0,3})\z")]
    private static partial Regex Format();
}
