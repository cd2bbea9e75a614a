using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Telemetry;

/// <summary>Section <c>ImageBackup:Telemetry</c>: who may see the numbers, and where they are sent.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = ImageBackupOptions.Section + ":Telemetry";

    /// <summary>Where traces and metrics are sent by OTLP over gRPC, such as <c>http://collector:4317</c>; empty sends none. <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> does too.</summary>
    [HttpUrl]
    public string? OtlpEndpoint { get; set; }

    /// <summary>Lets <c>/metrics</c> be read without a token, for a Prometheus that has none; the numbers name no image and no project.</summary>
    public bool AnonymousMetrics { get; set; }
}
