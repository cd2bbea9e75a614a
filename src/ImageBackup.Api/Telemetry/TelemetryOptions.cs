using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Telemetry;

/// <summary>Section <c>ImageBackup:Telemetry</c>: who may read the metrics, and where they are sent.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = ImageBackupOptions.Section + ":Telemetry";

    /// <summary>The collector for traces and metrics (OTLP over gRPC), such as <c>http://collector:4317</c>. <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> works too.</summary>
    [HttpUrl]
    public string? OtlpEndpoint { get; set; }

    /// <summary>Serves <c>/metrics</c> without a token. Metrics name no image and no project.</summary>
    public bool AnonymousMetrics { get; set; }
}
