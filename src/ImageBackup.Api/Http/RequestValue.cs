using System.Globalization;
using System.Text.Json;

namespace ImageBackup.Api.Http;

/// <summary>Reads the value of one field by its type and its <see cref="RequestField"/>.</summary>
internal static class RequestValue
{
    private static readonly string[] TrueWords = ["true", "1", "on", "yes", "y", "t"];
    private static readonly string[] FalseWords = ["false", "0", "off", "no", "n", "f"];

    /// <summary>Returns the value in the field's type.</summary>
    public static object Read(RequestField field, JsonElement value) => field.Type switch
    {
        _ when field.IsSecret => Secret(field, value),
        _ when field.Words is { } words => Word(field, value, words),
        var type when type == typeof(string) => Text(field, value),
        var type when type == typeof(bool) => Boolean(field, value),
        var type when type == typeof(int) => (int)Integer(field, value),
        var type when type == typeof(long) => Integer(field, value),
        var type when type == typeof(double) => Number(field, value),
        var type when type == typeof(JsonElement) => value,
        var type when type == typeof(IReadOnlyList<string>) => Texts(field, value),
        var type when type == typeof(IReadOnlyDictionary<string, string>) => TextMap(field, value),
        _ => throw new NotSupportedException($"Field {field.Name} has the type {field.Type}, which no rule reads."),
    };

    /// <summary>Returns the boolean that a JSON value or one of Cinder's words stands for; null for any other value.</summary>
    public static bool? FindBoolean(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => FindBoolean(value.GetString()!),
        _ => null,
    };

    /// <summary>Returns the boolean that one of Cinder's words stands for, in any case; null for any other word.</summary>
    public static bool? FindBoolean(string word)
    {
        var plain = word.Trim().ToLowerInvariant();
        return TrueWords.Contains(plain) ? true : FalseWords.Contains(plain) ? false : null;
    }

    /// <summary>Returns the number of Unicode code points.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    private static string Text(RequestField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw InvalidField.Create(field.Name, value, $"{InvalidField.Quote(value)} is not of type 'string'");
        }

        var text = field.KeepsSpaces ? value.GetString()! : value.GetString()!.Trim();
        var length = Length(text);
        return length < field.MinLength ? throw InvalidField.Create(field.Name, value, field.MinLength == 1 ? $"'{text}' should be non-empty" : $"'{text}' is shorter than {field.MinLength} characters")
            : length > field.MaxLength ? throw InvalidField.Create(field.Name, value, $"It is too long: {length} characters, at most {field.MaxLength} are allowed")
            : text.Contains('\0') ? throw InvalidField.Create(field.Name, text.Replace('\0', '?'), "It must not contain NUL characters")
            : text;
    }

    private static string Secret(RequestField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw InvalidField.CreateSecret(field.Name, "It is not of type 'string'");
        }

        var length = Length(value.GetString()!);
        return length < field.MinLength ? throw InvalidField.CreateSecret(field.Name, "It should be non-empty")
            : length > field.MaxLength ? throw InvalidField.CreateSecret(field.Name, $"It has more than {field.MaxLength} characters.")
            : value.GetString()!;
    }

    private static string Word(RequestField field, JsonElement value, AllowedWordsAttribute allowed)
    {
        var words = allowed.Words;
        var takesBooleans = words.Contains(bool.TrueString) && words.Contains(bool.FalseString);
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;
        var found = words.FirstOrDefault(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) ?? (takesBooleans ? FindBoolean(value)?.ToString() : null);
        if (found is not null)
        {
            return found;
        }

        var hint = takesBooleans ? " (in any case, or a boolean)" : allowed.Hint is null ? "" : $": {allowed.Hint}";
        throw InvalidField.Create(field.Name, value, $"{InvalidField.Quote(value)} is not one of [{InvalidField.Words(words)}]{hint}");
    }

    private static bool Boolean(RequestField field, JsonElement value)
        => FindBoolean(value) ?? throw InvalidField.Create(
            field.Name, value, $"{InvalidField.Quote(value)} is not one of [True, {InvalidField.Words(TrueWords)}, False, {InvalidField.Words(FalseWords)}] (in any case)");

    private static long Integer(RequestField field, JsonElement value)
    {
        long number = 0;
        var isInteger = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt64(out number),
            JsonValueKind.String => long.TryParse(value.GetString()!.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        return !isInteger ? throw InvalidField.Create(field.Name, value, $"{InvalidField.Quote(value)} is not an integer from {field.Minimum} to {field.Maximum}")
            : number < field.Minimum ? throw InvalidField.Create(field.Name, value, $"{number} is less than the minimum of {field.Minimum}")
            : number > field.Maximum ? throw InvalidField.Create(field.Name, value, $"{number} is greater than the maximum of {field.Maximum}")
            : number;
    }

    private static double Number(RequestField field, JsonElement value)
        => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number >= field.Minimum && number <= field.Maximum
            ? number
            : throw InvalidField.Create(field.Name, value, $"{InvalidField.Quote(value)} is not a number from {field.Minimum} to {field.Maximum}");

    private static string[] Texts(RequestField field, JsonElement value)
        => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : throw InvalidField.Create(field.Name, value, $"{InvalidField.Quote(value)} is not a list of strings");

    private static Dictionary<string, string> TextMap(RequestField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw InvalidField.Create(field.Name, value, $"{InvalidField.Quote(value)} is not of type 'object'");
        }

        foreach (var member in value.EnumerateObject())
        {
            if (Length(member.Name) is 0 or > 255 || member.Value.ValueKind != JsonValueKind.String || Length(member.Value.GetString()!) > 255)
            {
                throw InvalidField.Create(field.Name, member.Value, $"'{member.Name}' must have 1 to 255 characters and a string of at most 255");
            }
        }

        return value.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!);
    }
}
