using System.Text.Encodings.Web;
using System.Text.Json;

namespace ImageBackup.Api.Http;

/// <summary>How answers are written: snake case, nulls shown, letters as they are.</summary>
internal static class ApiJson
{
    /// <summary>The options of every JSON answer.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>Applies the same rules to the options that the framework writes results with.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;

        // The answers are JSON, never pieces of a page, so quotes and umlauts need no escapes.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }

    /// <summary>Cinder's timestamps: UTC with microseconds and no zone, such as <c>2026-01-31T08:15:00.000000</c>.</summary>
    public static string CinderTime(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff");

    /// <summary>Cinder's timestamp, or null.</summary>
    public static string? CinderTime(DateTime? time) => time is { } value ? CinderTime(value) : null;

    /// <summary>Glance's timestamps: UTC in seconds, such as <c>2026-01-31T08:15:00Z</c>.</summary>
    public static string GlanceTime(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
