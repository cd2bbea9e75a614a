using System.Globalization;
using System.Text.Json;
using ImageBackup.Core.Errors;

namespace ImageBackup.Api.Http;

/// <summary>
/// The fields of one JSON object of a request: read leniently, refused by name. Every field that is read is known; <see cref="RefuseUnknown"/>
/// at the end refuses the others. Every refusal is an <see cref="InvalidRequestException"/>.
/// </summary>
internal sealed class BodyFields
{
    private static readonly string[] TrueWords = ["true", "1", "on", "yes", "y", "t"];
    private static readonly string[] FalseWords = ["false", "0", "off", "no", "n", "f"];
    private readonly Dictionary<string, JsonElement> _fields;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly string? _name;

    private BodyFields(JsonElement element, string? name)
    {
        _fields = element.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);
        _name = name;
    }

    /// <summary>The names of all fields that were sent.</summary>
    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>Reads a body <c>{"ENVELOPE": {…}}</c> that holds nothing beside the envelope.</summary>
    public static async Task<BodyFields> ReadAsync(HttpContext context, string envelope, CancellationToken cancellationToken)
        => Open(await JsonBody.ReadAsync(context, cancellationToken), envelope);

    /// <summary>Opens <c>{"ENVELOPE": {…}}</c>.</summary>
    public static BodyFields Open(JsonElement root, string envelope)
    {
        var outer = Of(root);
        var inner = outer.RequiredObject(envelope);
        outer.RefuseUnknown();
        return inner;
    }

    /// <summary>The fields of a body without envelope.</summary>
    public static BodyFields Of(JsonElement root)
        => root.ValueKind == JsonValueKind.Object
            ? new BodyFields(root, null)
            : throw new InvalidRequestException($"{InvalidField.Quote(root)} is not of type 'object'");

    /// <summary>True where the field was sent, as null too.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>A string, trimmed, of <paramref name="minimum"/> to <paramref name="maximum"/> characters.</summary>
    public string RequiredString(string name, int minimum = 1, int maximum = 255)
        => CheckedString(name, Required(name), minimum, maximum);

    /// <summary>The same; null where the field is missing or null.</summary>
    public string? OptionalString(string name, int minimum = 0, int maximum = 255)
        => Find(name) is { } value ? CheckedString(name, value, minimum, maximum) : null;

    /// <summary>A string that no message may repeat, not trimmed; null where it is missing or null.</summary>
    public string? OptionalSecret(string name, int maximum = 255) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value when value.GetString()!.Length <= maximum => value.GetString(),
        { ValueKind: JsonValueKind.String } => throw InvalidField.CreateSecret(name, $"It has more than {maximum} characters."),
        _ => throw InvalidField.CreateSecret(name, "It is not of type 'string'"),
    };

    /// <summary>A JSON boolean or one of Cinder's words, in any case; <paramref name="absent"/> where it is missing or null.</summary>
    public bool Boolean(string name, bool absent) => OptionalBoolean(name) ?? absent;

    /// <summary>The same; null where it is missing or null.</summary>
    public bool? OptionalBoolean(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return ReadBoolean(value) ?? throw InvalidField.Create(
            name, value, $"{InvalidField.Quote(value)} is not one of [True, {Words(TrueWords)}, False, {Words(FalseWords)}] (in any case)");
    }

    /// <summary>The boolean that a JSON value means; null where it means none.</summary>
    public static bool? ReadBoolean(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        var word = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim().ToLowerInvariant() : "";
        return TrueWords.Contains(word) ? true : FalseWords.Contains(word) ? false : null;
    }

    /// <summary>An integer, as a number or a string of digits; null where it is missing or null.</summary>
    public long? OptionalInteger(string name, long minimum, long maximum)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        long number = 0;
        var isInteger = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt64(out number),
            JsonValueKind.String => long.TryParse(value.GetString()!.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        if (!isInteger)
        {
            throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not an integer from {minimum} to {maximum}");
        }

        return number < minimum ? throw InvalidField.Create(name, value, $"{number} is less than the minimum of {minimum}")
            : number > maximum ? throw InvalidField.Create(name, value, $"{number} is greater than the maximum of {maximum}")
            : number;
    }

    /// <summary>The same; a missing field is refused.</summary>
    public long RequiredInteger(string name, long minimum, long maximum)
    {
        var value = Required(name);
        return OptionalInteger(name, minimum, maximum) ?? throw InvalidField.Create(name, value, "None is not of type 'integer'");
    }

    /// <summary>One of a few words, in any case, answered as <paramref name="words"/> spells it; null where it is missing or null.</summary>
    public string? OptionalWord(string name, IReadOnlyList<string> words)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;
        return words.FirstOrDefault(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
            ?? throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not one of [{Words(words)}]");
    }

    /// <summary>The same; a missing field is refused.</summary>
    public string RequiredWord(string name, IReadOnlyList<string> words)
    {
        var value = Required(name);
        return OptionalWord(name, words) ?? throw InvalidField.Create(name, value, $"None is not one of [{Words(words)}]");
    }

    /// <summary>An object's fields.</summary>
    public BodyFields RequiredObject(string name) => Fields(name, Required(name));

    /// <summary>The same; null where it is missing or null.</summary>
    public BodyFields? OptionalObject(string name) => Find(name) is { } value ? Fields(name, value) : null;

    /// <summary>An object of strings, such as Cinder's metadata; empty where it is missing or null.</summary>
    public Dictionary<string, string> StringMap(string name)
    {
        var map = new Dictionary<string, string>();
        foreach (var (key, value) in OptionalObject(name)?._fields ?? [])
        {
            if (key.Length is 0 or > 255 || value.ValueKind != JsonValueKind.String || value.GetString()!.Length > 255)
            {
                throw InvalidField.Create(name, value, $"'{key}' must have 1 to 255 characters and a string of at most 255");
            }

            map[key] = value.GetString()!;
        }

        return map;
    }

    /// <summary>The raw JSON of a field; null where it is missing or null. The field counts as known.</summary>
    public JsonElement? Find(string name)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Refuses every field that nothing has asked for.</summary>
    public void RefuseUnknown()
    {
        var unknown = _fields.Keys.Where(name => !_known.Contains(name)).ToList();
        if (unknown.Count > 0)
        {
            throw Refusal($"Additional properties are not allowed ({Words(unknown)} {(unknown.Count == 1 ? "was" : "were")} unexpected)");
        }
    }

    private JsonElement Required(string name)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out var value) ? value : throw Refusal($"'{name}' is a required property");
    }

    // Without the value: an object may hold a password.
    private InvalidRequestException Refusal(string reason)
        => _name is null ? new InvalidRequestException(reason) : InvalidField.CreateSecret(_name, reason);

    private static BodyFields Fields(string name, JsonElement value)
        => value.ValueKind == JsonValueKind.Object
            ? new BodyFields(value, name)
            : throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not of type 'object'");

    private static string CheckedString(string name, JsonElement value, int minimum, int maximum)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not of type 'string'");
        }

        var text = value.GetString()!.Trim();
        return text.Length < minimum ? throw InvalidField.Create(name, value, minimum == 1 ? $"'{text}' should be non-empty" : $"'{text}' is shorter than {minimum} characters")
            : text.Length > maximum ? throw InvalidField.Create(name, value, $"It is too long: {text.Length} characters, at most {maximum} are allowed")
            : text.Contains('\0') ? throw InvalidField.Create(name, text.Replace('\0', '?'), "It must not contain NUL characters")
            : text;
    }

    private static string Words(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));
}
