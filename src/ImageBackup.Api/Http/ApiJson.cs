using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ImageBackup.Api.Http;

/// <summary>How responses are written: snake case, nulls included, letters unescaped.</summary>
internal static class ApiJson
{
    /// <summary>The options of every JSON response.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>Applies the same rules to the options that the framework writes results with.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;

        // Responses are JSON and never part of a page, so quotes and umlauts need no escapes.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(NameEnvelopes);
        return options;
    }

    /// <summary>Returns Cinder's timestamp: UTC with microseconds and no zone, such as <c>2026-01-31T08:15:00.000000</c>.</summary>
    public static string CinderTime(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff");

    /// <summary>Returns Cinder's timestamp, or null.</summary>
    public static string? CinderTime(DateTime? time) => time is { } value ? CinderTime(value) : null;

    /// <summary>Returns Glance's timestamp: UTC in seconds, such as <c>2026-01-31T08:15:00Z</c>.</summary>
    public static string GlanceTime(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static void NameEnvelopes(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.Name = EnvelopeAttribute.NameOf(type.Type, property.Name);
        }
    }
}
