namespace ImageBackup.Core.Flows;

/// <summary>
/// The time for which a process may run log books. The database's clock ends it; this process counts with its own monotonic clock and stops a quarter of the
/// length before, so that its operations have ended when other processes take them.
/// </summary>
/// <param name="workerId">The row of the process.</param>
/// <param name="incarnation">The row's incarnation when the process registered. Another one has lost the lease.</param>
/// <param name="length">The length; null with a database that one process uses. That lease never ends.</param>
public sealed class WorkerLease(int workerId, int incarnation, TimeSpan? length) : IDisposable
{
    private readonly CancellationTokenSource lost = new();

    public int WorkerId => workerId;

    public int Incarnation => incarnation;

    public TimeSpan? Length => length;

    /// <summary>True while the process may run log books.</summary>
    public bool IsHeld => !lost.IsCancellationRequested;

    /// <summary>Canceled when the process may no longer run log books.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Records that the database has extended the lease.</summary>
    /// <param name="asked">The monotonic timestamp from before the statement was sent.</param>
    internal void Extended(long asked)
    {
        if (length is { } time)
        {
            var left = (time * 0.75) - TimeProvider.System.GetElapsedTime(asked);
            lost.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    internal void Lose() => lost.Cancel();

    public void Dispose() => lost.Dispose();
}
