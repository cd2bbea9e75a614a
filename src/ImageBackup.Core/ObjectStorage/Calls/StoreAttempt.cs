using System.Runtime.ExceptionServices;

namespace ImageBackup.Core.ObjectStorage.Calls;

/// <summary>One attempt at one request. It is canceled when no byte has moved for a while; its whole length is not limited, because a large part on a slow line takes long.</summary>
internal sealed class StoreAttempt : IDisposable
{
    private readonly CancellationTokenSource idle;
    private readonly CancellationTokenSource either;

    public StoreAttempt(TimeSpan idleTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        IdleTimeout = idleTimeout;
        idle = new CancellationTokenSource(idleTimeout, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
    }

    public TimeSpan IdleTimeout { get; private set; }

    /// <summary>Canceled by the caller or by the idle timeout.</summary>
    public CancellationToken Token => either.Token;

    public bool IsTimedOut => idle.IsCancellationRequested;

    /// <summary>The exception of work on this machine, such as reading the file. HTTP clients wrap it in exceptions of their own.</summary>
    public ExceptionDispatchInfo? LocalFailure { get; private set; }

    /// <summary>Starts the idle timeout again.</summary>
    public void Touch() => idle.CancelAfter(IdleTimeout);

    /// <summary>Gives the store longer for this request.</summary>
    public void AllowIdle(TimeSpan timeout)
    {
        IdleTimeout = timeout;
        Touch();
    }

    /// <summary>Runs work on this machine. The idle timeout does not count meanwhile.</summary>
    public async ValueTask<T> RunLocallyAsync<T>(Func<ValueTask<T>> work)
    {
        idle.CancelAfter(Timeout.InfiniteTimeSpan);
        try
        {
            return await work();
        }
        catch (Exception failure)
        {
            LocalFailure = ExceptionDispatchInfo.Capture(failure);
            throw;
        }
        finally
        {
            Touch();
        }
    }

    public void Dispose()
    {
        either.Dispose();
        idle.Dispose();
    }
}
