using System.Text.Json;
using ImageBackup.Core.Errors;

namespace ImageBackup.Api.Http;

/// <summary>Words refusals of one field the way Cinder's schema validation does.</summary>
internal static class InvalidField
{
    private const int LongestShown = 256;

    /// <summary><c>Invalid input for field/attribute NAME. Value: VALUE. REASON</c></summary>
    public static InvalidRequestException Create(string name, JsonElement value, string reason)
        => Create(name, Show(value), reason);

    /// <summary>The same for a value that came as text.</summary>
    public static InvalidRequestException Create(string name, string value, string reason)
        => new($"Invalid input for field/attribute {name}. Value: {Cut(value)}. {reason}");

    /// <summary>The same without the value, for secrets and for objects that may hold some.</summary>
    public static InvalidRequestException CreateSecret(string name, string reason)
        => new($"Invalid input for field/attribute {name}. {reason}");

    /// <summary>A refusal of the record <paramref name="name"/>; null for the body itself.</summary>
    public static InvalidRequestException InRecord(string? name, string reason) => name is null ? new(reason) : CreateSecret(name, reason);

    /// <summary>The refusal of a record without one of its fields.</summary>
    /// <param name="name">The field that is missing.</param>
    /// <param name="record">The record; null for the body itself.</param>
    public static InvalidRequestException Missing(string name, string? record) => InRecord(record, $"'{name}' is a required property");

    /// <summary>The words in quotes, separated by commas.</summary>
    public static string Words(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));

    /// <summary>The value as Python prints it: strings in plain quotes, <c>True</c>, <c>None</c>.</summary>
    public static string Quote(JsonElement value)
        => value.ValueKind == JsonValueKind.String ? $"'{Show(value)}'" : Show(value);

    private static string Show(JsonElement value) => Cut(value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Null or JsonValueKind.Undefined => "None",
        _ => value.GetRawText(),
    });

    private static string Cut(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";
}
