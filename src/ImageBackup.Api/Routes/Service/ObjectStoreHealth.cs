using ImageBackup.Core.Buckets;
using ImageBackup.Core.ObjectStorage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Service;

/// <summary>Checks that the configured object store answers and accepts the keys. A missing default bucket is healthy, as requests may name other buckets.</summary>
internal sealed class ObjectStoreHealth(ObjectStores stores, IOptions<CosOptions> options) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            await stores.Configured.CheckBucketAsync(options.Value.DefaultBucket, limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.NoBucket)
        {
            return HealthCheckResult.Healthy();
        }
        catch (ObjectStoreException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Error == ObjectStoreError.NoAccess ? "The object store refuses the keys." : "The object store is unavailable.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The object store did not answer within {Timeout.TotalSeconds} s.", exception);
        }
    }
}
