using System.Net.Sockets;
using Amazon.Runtime;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Runs requests to one store, one attempt each, and says in our words what went wrong: at the server, on the way, or by our patience ending.</summary>
internal sealed class S3Calls(string endpoint, TimeSpan patience, TimeProvider time)
{
    /// <summary>Watches over one attempt; <paramref name="longer"/> where the store may be silent for longer.</summary>
    public IdleGuard Watch(CancellationToken cancellationToken, TimeSpan? longer = null) => new(longer ?? patience, time, cancellationToken);

    /// <summary>Runs a request that moves no more than a page of text.</summary>
    public async Task<T> RunAsync<T>(string bucket, string? key, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var guard = Watch(cancellationToken);
        return await RunAsync(bucket, key, () => call(guard.Token), guard, null, cancellationToken);
    }

    /// <summary>The same for a call that others watch over, with the body that it sends.</summary>
    public async Task<T> RunAsync<T>(string bucket, string? key, Func<Task<T>> call, IdleGuard guard, FileRangeStream? body, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (guard.HasExpired)
            {
                throw Unavailable(bucket, key, $"no byte moved for {guard.Patience.TotalSeconds} s", failure);
            }

            body?.OwnFailure?.Throw();
            if (Translate(failure, bucket, key) is { } translated)
            {
                throw translated;
            }

            throw;
        }
    }

    /// <summary>The failure in our words; null where it is none of the store's.</summary>
    private ObjectStoreException? Translate(Exception failure, string bucket, string? key)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is ObjectStoreException known)
            {
                return known;
            }

            if (cause is AmazonServiceException { StatusCode: not 0 } answer)
            {
                return S3Failures.From(answer, Where(bucket, key));
            }
        }

        // A connection that is cut while it is being made comes as a naked SocketException.
        return failure is HttpRequestException or IOException or SocketException or AmazonClientException or AmazonServiceException or OperationCanceledException
            ? Unavailable(bucket, key, failure.GetBaseException().Message, failure)
            : null;
    }

    public ObjectStoreException Unavailable(string bucket, string? key, string why, Exception? cause)
        => new(ObjectStoreFault.Unavailable, $"{Where(bucket, key)}: the store is unavailable ({why}).", cause);

    private string Where(string bucket, string? key)
        => key is null ? $"Bucket '{bucket}' at {endpoint}" : $"Object '{key}' in bucket '{bucket}' at {endpoint}";
}
