using System.Net.Sockets;
using Polly;

namespace ImageBackup.Core.ObjectStorage.Calls;

/// <summary>Sends requests to a server and translates every failure to an <see cref="ObjectStoreException"/>, unless it is a failure of this machine.</summary>
/// <param name="server">What the server is, in messages.</param>
/// <param name="idleTimeout">How long no byte may move.</param>
/// <param name="retries">Repeats requests while the server is unavailable.</param>
/// <param name="time">The clock.</param>
/// <param name="translate">Returns the error of an exception of the server's protocol, given what the request was about; null for other exceptions.</param>
internal sealed class StoreCalls(string server, TimeSpan idleTimeout, ResiliencePipeline retries, TimeProvider time, Func<Exception, string, ObjectStoreException?> translate)
{
    /// <summary>Sends a request, again while the server is unavailable.</summary>
    /// <param name="what">What the request is about, in messages.</param>
    /// <param name="request">One attempt.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    public async Task<T> RunAsync<T>(string what, Func<StoreAttempt, Task<T>> request, CancellationToken cancellationToken)
        => await retries.ExecuteAsync(async token => await RunOnceAsync(what, request, token), cancellationToken);

    /// <summary>Sends a request once.</summary>
    public async Task<T> RunOnceAsync<T>(string what, Func<StoreAttempt, Task<T>> request, CancellationToken cancellationToken)
    {
        using var attempt = new StoreAttempt(idleTimeout, time, cancellationToken);
        try
        {
            return await request(attempt);
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (attempt.IsTimedOut)
            {
                throw Unavailable(what, $"no byte moved for {attempt.IdleTimeout.TotalSeconds} s", failure);
            }

            attempt.LocalFailure?.Throw();
            if (Translate(failure, what) is { } translated)
            {
                throw translated;
            }

            throw;
        }
    }

    public ObjectStoreException Unavailable(string what, string why, Exception? cause)
        => new(ObjectStoreError.Unavailable, $"{what}: the {server} is unavailable ({why}).", cause);

    /// <summary>Returns null when the failure is not the server's.</summary>
    private ObjectStoreException? Translate(Exception failure, string what)
    {
        // The innermost exception tells most: clients wrap what handlers throw.
        foreach (var cause in Chain(failure).Reverse())
        {
            if ((cause as ObjectStoreException ?? translate(cause, what)) is { } known)
            {
                return known;
            }
        }

        // A connection that breaks while it is opened fails with a bare SocketException.
        return failure is HttpRequestException or IOException or SocketException or OperationCanceledException
            ? Unavailable(what, failure.GetBaseException().Message, failure)
            : null;
    }

    private static IEnumerable<Exception> Chain(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
