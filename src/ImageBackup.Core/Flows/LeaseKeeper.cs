using System.Threading.Channels;
using ImageBackup.Core.Persistence.PostgreSql;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>
/// Keeps the lease of this process, and does what each process does for the others: it queues the log books of processes whose leases are over, stops its own
/// log books that another process has stopped, and looks for work that another process has added.
/// </summary>
internal sealed partial class LeaseKeeper(WorkerStore workers, FlowQueue queue, RunningFlows running, PostgreSqlBell bell, NameLock name, ILogger<LeaseKeeper> logger)
{
    /// <summary>The longest time until a process learns what another one did.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the lease is lost or the host stops. Returns at once with a database that one process uses.</summary>
    public Task RunAsync(WorkerLease lease, CancellationToken stopping)
        => lease.Length is { } length
            ? Task.WhenAll(ExtendAsync(lease, length / 6, stopping), LookAsync(lease, length / 6, stopping), ListenAsync(lease, stopping), HoldNameAsync(stopping))
            : Task.CompletedTask;

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

                await StopAsync(lease, stopping);
                queue.Wake();
            });
        }
    }

    /// <summary>Acts on what other processes tell, so that nothing waits for the next look.</summary>
    private async Task ListenAsync(WorkerLease lease, CancellationToken stopping)
    {
        var stops = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var stopper = StopAllAsync();
        while (!stopping.IsCancellationRequested)
        {
            await TryAsync(() => bell.ListenAsync(Hear, stopping));
            await Task.Delay(LookInterval, TimeProvider.System, stopping);
        }

        await stopper;

        void Hear(string news)
        {
            if (news == PostgreSqlBell.Stop)
            {
                stops.Writer.TryWrite(true);
            }
            else
            {
                queue.Wake();
            }
        }

        async Task StopAllAsync()
        {
            while (await stops.Reader.WaitToReadAsync(stopping))
            {
                stops.Reader.TryRead(out _);
                await TryAsync(() => StopAsync(lease, stopping));
            }
        }
    }

    /// <summary>Takes the lock of the name again when the database server has lost it.</summary>
    private async Task HoldNameAsync(CancellationToken stopping)
    {
        while (true)
        {
            await TryAsync(() => name.HoldAsync(stopping));
            await Task.Delay(LookInterval, TimeProvider.System, stopping);
        }
    }

    private async Task StopAsync(WorkerLease lease, CancellationToken stopping)
    {
        foreach (var (id, reason) in await queue.FindStoppedAsync(lease, stopping))
        {
            running.Stop([id], reason);
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
