using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ImageBackup.Api.Telemetry;

/// <summary>Serves metrics at <c>/metrics</c>, and sends metrics and traces to an OTLP endpoint if the settings name one.</summary>
internal static class TelemetryServices
{
    private const string Path = "/metrics";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidated<TelemetryOptions>(builder.Configuration, TelemetryOptions.Section);
        var endpoint = builder.Configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}"];
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("imagebackup", serviceVersion: ServiceVersion.Current, serviceInstanceId: Host(builder.Configuration)))
            .WithMetrics(metrics => metrics
                .AddMeter(FlowMetrics.Name, BuildInfo.MeterName, "Microsoft.EntityFrameworkCore", "System.Runtime")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0));
        if (string.IsNullOrEmpty(endpoint) && string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        telemetry.WithTracing(traces => traces.AddSource(FlowMetrics.Name).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation());
        telemetry.UseOtlpExporter();
        if (!string.IsNullOrEmpty(endpoint))
        {
            services.Configure<OtlpExporterOptions>(options => options.Endpoint = new Uri(endpoint));
        }
    }

    /// <summary>Returns the name of this process in the list of services.</summary>
    private static string Host(ConfigurationManager configuration)
        => (configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new ClusterOptions()).HostName;

    public static void MapMetrics(this WebApplication app)
    {
        // The OpenAPI document lists endpoints that have a method; the exporter's has none.
        var metrics = app.MapPrometheusScrapingEndpoint(Path).WithMetadata(new HttpMethodMetadata([HttpMethods.Get]))
            .WithSummary("Show metrics for Prometheus").WithTags("Health").WithMetadata(((Delegate)(static () => { })).Method)
            .WithResponse(200, typeof(string), null, "text/plain");
        _ = app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value.AnonymousMetrics
            ? metrics.AllowAnonymous()
            : metrics.RequiresRole(Role.Reader);
    }
}
