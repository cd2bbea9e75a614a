using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ImageBackup.Core.Errors;
using Microsoft.Extensions.Configuration;

namespace ImageBackup.Core.Settings;

/// <summary>Checks a value and describes the values that its option accepts.</summary>
internal static class SettingValue
{
    private const int LongestShown = 100;

    /// <exception cref="StartException">The option does not accept the value.</exception>
    public static void Check(IConfigurationSection place, KnownSetting known)
    {
        if (place.Value is { } text && !(Converted(text, known.ValueType!) is { IsConverted: true } converted && known.Rules.All(rule => rule.IsValid(converted.Value))))
        {
            throw new StartException($"{place.Path}{Shown(place)} is not accepted. Use {Accepted(known)}.");
        }
    }

    /// <summary>Returns a space and the value in quotes, or nothing if the value may be a secret.</summary>
    public static string Shown(IConfigurationSection place)
    {
        var value = place.Value ?? "";
        if (IsSecret(place.Key) || value.Contains('@'))
        {
            return "";
        }

        var printable = string.Concat(value.Take(LongestShown).Select(character => char.IsControl(character) ? ' ' : character));
        return $" '{printable}{(value.Length > LongestShown ? "…" : "")}'";
    }

    /// <summary>Describes the accepted values, for a sentence that begins with "Use".</summary>
    public static string Accepted(KnownSetting known)
    {
        foreach (var rule in known.Rules)
        {
            switch (rule)
            {
                case RangeAttribute range:
                    return $"{Noun(known.ValueType!).Kind} from {range.Minimum} to {range.Maximum}";
                case AllowedValuesAttribute allowed:
                    return string.Join(", ", allowed.Values.SkipLast(1)) + " or " + allowed.Values[^1];
                case HttpUrlAttribute:
                    return "a URL such as https://host.example:9000";
                case RegularExpressionAttribute { ErrorMessage: { } accepted }:
                    return accepted;
            }
        }

        var noun = Noun(known.ValueType!);
        return noun.Kind + noun.Example;
    }

    private static bool IsSecret(string name)
        => name.Contains("Password", StringComparison.OrdinalIgnoreCase)
            || name.Contains("Secret", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("Key", StringComparison.OrdinalIgnoreCase);

    private static (bool IsConverted, object? Value) Converted(string text, Type type)
    {
        // TimeSpan reads a plain number as days.
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan) && !text.Contains(':'))
        {
            return (false, null);
        }

        try
        {
            return (true, TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            return (false, null);
        }
    }

    private static (string Kind, string Example) Noun(Type type) => (Nullable.GetUnderlyingType(type) ?? type).Name switch
    {
        nameof(Boolean) => ("true or false", ""),
        nameof(Int32) => ("a whole number", ""),
        nameof(Double) => ("a number", ""),
        nameof(TimeSpan) => ("a duration", " such as 00:01:30"),
        nameof(DateTimeOffset) => ("a time", " such as 2027-01-01T00:00:00Z"),
        _ => ("text", " that is not empty"),
    };
}
