using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ImageBackup.Core.Persistence;

/// <summary>Stores a string dictionary as JSON in one text column.</summary>
internal static class JsonColumn
{
    public static void AsJson(this PropertyBuilder<Dictionary<string, string>> property) => property.HasConversion<Converter, Comparer>();

    private static string Write(Dictionary<string, string> value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Default);

    private static Dictionary<string, string> Read(string text) => JsonSerializer.Deserialize<Dictionary<string, string>>(text, JsonSerializerOptions.Default) ?? [];

    internal sealed class Converter() : ValueConverter<Dictionary<string, string>, string>(value => Write(value), text => Read(text));

    internal sealed class Comparer() : ValueComparer<Dictionary<string, string>>(
        (left, right) => left == right || (left != null && right != null && Write(left) == Write(right)),
        value => Write(value).GetHashCode(StringComparison.Ordinal),
        value => new Dictionary<string, string>(value));
}
