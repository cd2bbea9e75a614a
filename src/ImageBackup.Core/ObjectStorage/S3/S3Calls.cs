using System.Net.Sockets;
using Amazon.Runtime;
using Polly;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>Sends requests to one store and translates every failure to an <see cref="ObjectStoreException"/>, unless it is a failure of this machine.</summary>
internal sealed class S3Calls(string endpoint, TimeSpan idleTimeout, ResiliencePipeline retries, TimeProvider time)
{
    /// <summary>Sends a request, again while the store is unavailable.</summary>
    public async Task<T> RunAsync<T>(string bucket, string? key, Func<S3Attempt, Task<T>> request, CancellationToken cancellationToken)
        => await retries.ExecuteAsync(async token => await RunOnceAsync(bucket, key, request, token), cancellationToken);

    /// <summary>Sends a request once.</summary>
    public async Task<T> RunOnceAsync<T>(string bucket, string? key, Func<S3Attempt, Task<T>> request, CancellationToken cancellationToken)
    {
        using var attempt = new S3Attempt(idleTimeout, time, cancellationToken);
        try
        {
            return await request(attempt);
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (attempt.IsTimedOut)
            {
                throw Unavailable(bucket, key, $"no byte moved for {attempt.IdleTimeout.TotalSeconds} s", failure);
            }

            attempt.LocalFailure?.Throw();
            if (Translate(failure, bucket, key) is { } translated)
            {
                throw translated;
            }

            throw;
        }
    }

    public ObjectStoreException Unavailable(string bucket, string? key, string why, Exception? cause)
        => new(ObjectStoreError.Unavailable, $"{Where(bucket, key)}: the store is unavailable ({why}).", cause);

    /// <summary>Returns null when the failure is not the store's.</summary>
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
                return S3Errors.From(answer, Where(bucket, key));
            }
        }

        // A connection that breaks while it is opened fails with a bare SocketException.
        return failure is HttpRequestException or IOException or SocketException or AmazonClientException or AmazonServiceException or OperationCanceledException
            ? Unavailable(bucket, key, failure.GetBaseException().Message, failure)
            : null;
    }

    private string Where(string bucket, string? key)
        => key is null ? $"Bucket '{bucket}' at {endpoint}" : $"Object '{key}' in bucket '{bucket}' at {endpoint}";
}
