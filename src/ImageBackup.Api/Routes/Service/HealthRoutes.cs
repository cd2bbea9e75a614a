using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Deflate;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageBackup.Api.Routes.Service;

/// <summary><c>/healthcheck</c> (the process answers, oslo.middleware's shape) and <c>/healthcheck/ready</c> (what it needs is there).</summary>
internal static class HealthRoutes
{
    private static readonly string[] Ok = ["OK"];

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database").AddCheck<DiskHealth>("disk").AddCheck<CloudObjectStorage.ObjectStoreHealth>("object_store");
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthcheck", Alive).AllowAnonymous().WithSummary("The process answers").WithTags("Health");
        app.MapGet("/healthcheck/ready", ReadyAsync).AllowAnonymous().WithSummary("Database, disk and object store are there").WithTags("Health");
    }

    private static IResult Alive(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return TypedResults.NoContent();
        }

        return context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Json(new { detailed = false, reasons = Ok })
            : TypedResults.Text("OK", "text/plain");
    }

    private static async Task<IResult> ReadyAsync(HealthCheckService health, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        var ready = report.Status == HealthStatus.Healthy;
        var checks = report.Entries.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.Status == HealthStatus.Healthy ? "OK" : entry.Value.Description ?? "not available");
        var details = new { deflate_engine = DeflateEngine.Current.Name, deflate_engine_description = DeflateEngine.Current.Description };
        return TypedResults.Json(new { ready, checks, details }, statusCode: ready ? 200 : 503);
    }

    private sealed class DatabaseHealth(IDbContextFactory<ImageBackupDbContext> contexts) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            return await database.Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database can't be opened.");
        }
    }

    private sealed class DiskHealth(DataPaths paths) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var probe = Path.Combine(paths.Root, $".probe-{Guid.NewGuid():N}");
            try
            {
                await File.WriteAllBytesAsync(probe, [0], cancellationToken);
                File.Delete(probe);
                return HealthCheckResult.Healthy();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return HealthCheckResult.Unhealthy("The data directory can't be written.", e);
            }
        }
    }
}
