using System.Threading.RateLimiting;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Http;

/// <summary>Applies <see cref="LimitOptions"/> to connections, headers, request rate and request time.</summary>
internal static class Limits
{
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidated<LimitOptions>(builder.Configuration, LimitOptions.Section);
        services.AddSingleton<ConnectionLimits>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>, ConnectionLimits>((kestrel, limits, connections) =>
        {
            // Before TLS, so that a handshake counts, too.
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => connections.ServeAsync(connection, next)));
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Bytes;
            kestrel.Limits.MaxConcurrentConnections = limits.Value.MaxConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.Value.MaxHeaderBytes;
        });
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((rate, limits) =>
        {
            rate.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context, limits.Value));
            rate.OnRejected = RejectAsync;
        });
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitOptions>>((timeouts, limits) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = limits.Value.RequestTimeout,
                WriteTimeoutResponse = context => ErrorWriter.WriteAsync(
                    context, StatusCodes.Status503ServiceUnavailable, $"The request took longer than {limits.Value.RequestTimeout}.", CancellationToken.None),
            });
    }

    private static RateLimitPartition<string> Partition(HttpContext context, LimitOptions limits)
        => limits.RequestsPerSecond == 0
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(ClientAddress.Network(context.Connection.RemoteIpAddress), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = Math.Max(limits.Burst, limits.RequestsPerSecond),
                TokensPerPeriod = limits.RequestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            });

    private static ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        rejected.HttpContext.Response.Headers.RetryAfter = "1";
        return new(ErrorWriter.WriteAsync(
            rejected.HttpContext, StatusCodes.Status429TooManyRequests, "This client has sent too many requests. Retry after 1 second.", cancellationToken));
    }
}
