namespace ImageBackup.Core.ObjectStorage;

/// <summary>Gives an attempt up when no byte has moved for a while; a large part on a slow line may take as long as it likes.</summary>
internal sealed class IdleGuard : IDisposable
{
    private readonly TimeSpan patience;
    private readonly CancellationTokenSource idle;
    private readonly CancellationTokenSource either;

    public IdleGuard(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        this.patience = patience;
        idle = new CancellationTokenSource(patience, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
    }

    public TimeSpan Patience => patience;

    /// <summary>Fires when the caller cancels or patience ends.</summary>
    public CancellationToken Token => either.Token;

    public bool HasExpired => idle.IsCancellationRequested;

    /// <summary>A byte moved: patience begins anew.</summary>
    public void Touch() => idle.CancelAfter(patience);

    /// <summary>Until the next <see cref="Touch"/> the store is not to blame: we do something else.</summary>
    public void Pause() => idle.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        either.Dispose();
        idle.Dispose();
    }
}
