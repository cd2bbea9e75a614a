using System.Diagnostics.Metrics;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Telemetry;

/// <summary>The metric <c>imagebackup_build_info</c>: always 1, with the version as a label.</summary>
internal static class BuildInfo
{
    private static readonly Meter Source = new("ImageBackup.Build");

    private static readonly ObservableGauge<int> Gauge = Source.CreateObservableGauge(
        "imagebackup.build.info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", ServiceVersion.Current)), null, "Always 1. The label is the version of the service.");

    /// <summary>The name of the metric's meter.</summary>
    public static string MeterName => Gauge.Meter.Name;
}
