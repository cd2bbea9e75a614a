using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Deflate;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Service;

/// <summary>GET /healthcheck, in the shape of oslo.middleware, and GET /healthcheck/ready</summary>
internal static class HealthRoutes
{
    private const string Ok = "OK";
    private const string Lease = "lease";

    /// <summary>The service is running.</summary>
    /// <param name="Detailed" example="false">Always false.</param>
    /// <param name="Reasons">Always OK.</param>
    internal sealed record HealthResponse(bool Detailed, IReadOnlyList<string> Reasons);

    /// <summary>Whether the service can work.</summary>
    /// <param name="Ready" example="true">True if every check is OK.</param>
    /// <param name="Checks">The result of each check, of database, disk and object_store, and of lease with PostgreSQL: OK, or what is wrong.</param>
    /// <param name="Version" example="1.0.0">The version of the service.</param>
    /// <param name="Details">The compression library in use.</param>
    internal sealed record ReadinessResponse(bool Ready, Dictionary<string, string> Checks, string Version, ReadinessDetailsResponse Details);

    /// <summary>The compression library in use.</summary>
    /// <param name="DeflateEngine" example="isa-l">isa-l, or runtime if ISA-L cannot be used.</param>
    /// <param name="DeflateEngineDescription" example="Deflates Fast and inflates by Intel ISA-L (libisal.so.2), deflates True by its own code">The library in words.</param>
    internal sealed record ReadinessDetailsResponse(string DeflateEngine, string DeflateEngineDescription);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database").AddCheck<DiskHealth>("disk").AddCheck<ObjectStoreHealth>("object_store").AddCheck<LeaseHealth>(Lease);
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthcheck", Alive).AllowAnonymous().WithResponse(200, typeof(HealthResponse), null, "application/json", "text/plain").WithSummary("Whether the service is running").WithTags("Health");
        app.MapGet("/healthcheck/ready", ReadyAsync).AllowAnonymous()
            .WithResponse(200, typeof(ReadinessResponse))
            .WithResponse(503, typeof(ReadinessResponse), "A check is not OK.")
            .WithSummary("Whether the service can work: database, disk and object store").WithTags("Health");
    }

    private static IResult Alive(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return TypedResults.NoContent();
        }

        return context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Ok(new HealthResponse(false, [Ok]))
            : TypedResults.Text(Ok, "text/plain");
    }

    private static async Task<IResult> ReadyAsync(HealthCheckService health, IOptions<DatabaseOptions> database, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(check => check.Name != Lease || database.Value.IsPostgreSql, cancellationToken);
        var ready = report.Status == HealthStatus.Healthy;
        var checks = report.Entries.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.Status == HealthStatus.Healthy ? Ok : entry.Value.Description ?? "not available");
        var details = new ReadinessDetailsResponse(DeflateEngine.Current.Name, DeflateEngine.Current.Description);
        return TypedResults.Json(new ReadinessResponse(ready, checks, ServiceVersion.Current, details), statusCode: ready ? 200 : 503);
    }

    private sealed class DatabaseHealth(IDbContextFactory<ImageBackupDbContext> contexts) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            return await database.Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database cannot be opened.");
        }
    }

    private sealed class LeaseHealth(WorkerStore workers) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            => Task.FromResult(workers.Lease is { IsHeld: true } ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The process has no lease and runs no operations."));
    }

    private sealed class DiskHealth(DataPaths paths) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            => Task.FromResult(WriteProbe.Succeeds(paths.Root, withData: true) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The data directory cannot be written."));
    }
}
