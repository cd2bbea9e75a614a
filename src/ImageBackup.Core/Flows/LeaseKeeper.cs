using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>
/// Keeps the lease of this process, and does what each process does for the others: it queues the log books of processes whose leases are over, stops its own
/// log books that another process has stopped, and looks for work that another process has added.
/// </summary>
internal sealed partial class LeaseKeeper(WorkerStore workers, FlowQueue queue, RunningFlows running, ILogger<LeaseKeeper> logger)
{
    /// <summary>The longest time until a process learns what another one did.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the lease is lost or the host stops. Returns at once with a database that one process uses.</summary>
    public Task RunAsync(WorkerLease lease, CancellationToken stopping)
        => lease.Length is { } length ? Task.WhenAll(ExtendAsync(lease, length / 6, stopping), LookAsync(lease, length / 6, stopping)) : Task.CompletedTask;

    private async Task ExtendAsync(WorkerLease lease, TimeSpan interval, CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(interval, TimeProvider.System, stopping);
            await TryAsync(async () =>
            {
                if (!await workers.ExtendAsync(lease, stopping))
                {
                    lease.Lose();
                }
            });
            stopping.ThrowIfCancellationRequested();
        }
    }

    private async Task LookAsync(WorkerLease lease, TimeSpan requeueInterval, CancellationToken stopping)
    {
        var lastRequeue = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await Task.Delay(LookInterval, TimeProvider.System, stopping);
            await TryAsync(async () =>
            {
                if (TimeProvider.System.GetElapsedTime(lastRequeue) >= requeueInterval)
                {
                    lastRequeue = TimeProvider.System.GetTimestamp();
                    if (await queue.RequeueExpiredAsync(stopping) is > 0 and var count)
                    {
                        LogRequeued(logger, count);
                    }
                }

                foreach (var (id, reason) in await queue.FindStoppedAsync(lease, stopping))
                {
                    running.Stop([id], reason);
                }

                queue.Wake();
            });
        }
    }

    /// <summary>Does without a database that does not answer: the lease ends by itself.</summary>
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception.GetBaseException().Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Queued {Count} operations of processes that no longer report")]
    private static partial void LogRequeued(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "The database did not answer: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
