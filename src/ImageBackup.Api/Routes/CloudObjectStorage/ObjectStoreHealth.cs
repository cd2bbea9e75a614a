using ImageBackup.Core.ObjectStorage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>Whether the settings' object store answers and takes the keys. A default bucket that is missing is no illness: requests may name others.</summary>
internal sealed class ObjectStoreHealth(ObjectStores stores, IOptions<CosOptions> options) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await stores.Configured.CheckBucketAsync(options.Value.DefaultBucket, limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (ObjectStoreException failure) when (failure.Fault == ObjectStoreFault.NoBucket)
        {
            return HealthCheckResult.Healthy();
        }
        catch (ObjectStoreException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Fault == ObjectStoreFault.NoAccess ? "The object store refuses the keys." : "The object store is unavailable.", failure);
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The object store has not answered within {Patience.TotalSeconds} s.", slow);
        }
    }
}
