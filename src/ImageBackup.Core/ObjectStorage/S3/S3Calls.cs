using Amazon.Runtime;
using ImageBackup.Core.ObjectStorage.Calls;
using Polly;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>Sends requests to one S3 service. Failures are <see cref="ObjectStoreException"/>, unless they are failures of this machine.</summary>
internal sealed class S3Calls
{
    private readonly string endpoint;
    private readonly StoreCalls calls;

    public S3Calls(string endpoint, TimeSpan idleTimeout, ResiliencePipeline retries, TimeProvider time)
    {
        this.endpoint = endpoint;
        calls = new StoreCalls("store", idleTimeout, retries, time, Translate);
    }

    /// <summary>Sends a request, again while the store is unavailable.</summary>
    public Task<T> RunAsync<T>(string bucket, string? key, Func<StoreAttempt, Task<T>> request, CancellationToken cancellationToken)
        => calls.RunAsync(Where(bucket, key), request, cancellationToken);

    /// <summary>Sends a request once.</summary>
    public Task<T> RunOnceAsync<T>(string bucket, string? key, Func<StoreAttempt, Task<T>> request, CancellationToken cancellationToken)
        => calls.RunOnceAsync(Where(bucket, key), request, cancellationToken);

    public ObjectStoreException Unavailable(string bucket, string? key, string why, Exception? cause) => calls.Unavailable(Where(bucket, key), why, cause);

    private ObjectStoreException? Translate(Exception failure, string where) => failure switch
    {
        AmazonServiceException { StatusCode: not 0 } answer => S3Errors.From(answer, where),
        AmazonClientException or AmazonServiceException => calls.Unavailable(where, failure.GetBaseException().Message, failure),
        _ => null,
    };

    private string Where(string bucket, string? key)
        => key is null ? $"Bucket '{bucket}' at {endpoint}" : $"Object '{key}' in bucket '{bucket}' at {endpoint}";
}
