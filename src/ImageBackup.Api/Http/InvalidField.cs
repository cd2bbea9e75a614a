using System.Text.Json;
using ImageBackup.Core.Errors;

namespace ImageBackup.Api.Http;

/// <summary>Creates refusals of fields, in the words of Cinder's schema validation.</summary>
internal static class InvalidField
{
    private const int MaxShown = 256;

    /// <summary>Returns <c>Invalid input for field/attribute NAME. Value: VALUE. REASON</c>.</summary>
    public static InvalidRequestException Create(string name, JsonElement value, string reason)
        => Create(name, Show(value), reason);

    /// <summary>Returns the refusal of a value from a text.</summary>
    public static InvalidRequestException Create(string name, string value, string reason)
        => new($"Invalid input for field/attribute {name}. Value: {Cut(value)}. {reason}");

    /// <summary>Returns the refusal without the value, for secrets and for records that may hold secrets.</summary>
    public static InvalidRequestException CreateSecret(string name, string reason)
        => new($"Invalid input for field/attribute {name}. {reason}");

    /// <summary>Returns the refusal of the record <paramref name="name"/>; null for the body itself.</summary>
    public static InvalidRequestException InRecord(string? name, string reason) => name is null ? new(reason) : CreateSecret(name, reason);

    /// <summary>Returns the refusal of a record without one of its fields.</summary>
    /// <param name="name">The field that is missing.</param>
    /// <param name="record">The record; null for the body itself.</param>
    public static InvalidRequestException Missing(string name, string? record) => InRecord(record, $"'{name}' is a required property");

    /// <summary>Returns the words in quotes, separated by commas.</summary>
    public static string Words(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));

    /// <summary>Returns the value as Python prints it: strings in plain quotes, <c>True</c>, <c>None</c>.</summary>
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

    private static string Cut(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
