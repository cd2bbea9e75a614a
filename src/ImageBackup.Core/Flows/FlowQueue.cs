using System.Threading.Channels;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Flows;

/// <summary>The queue of log books. The rows are the queue; memory holds only the signals that wake workers.</summary>
public sealed class FlowQueue(FlowActions actions, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    /// <summary>The most workers of a pool. More signals than workers are not needed, because a worker looks at the queue before it waits.</summary>
    private static readonly BoundedChannelOptions MostSignals = new(256) { FullMode = BoundedChannelFullMode.DropWrite };

    private readonly Dictionary<WorkerPool, Channel<bool>> signals = Enum.GetValues<WorkerPool>().ToDictionary(pool => pool, _ => Channel.CreateBounded<bool>(MostSignals));

    /// <summary>Wakes one worker of each pool. Call it after a commit that adds or finishes a log book.</summary>
    public void Wake()
    {
        foreach (var signal in signals.Values)
        {
            signal.Writer.TryWrite(true);
        }
    }

    /// <summary>Queues the log books that a stopped process was running. They keep their places.</summary>
    public async Task RequeueAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.LogBooks.Where(book => book.QueueState == QueueState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(book => book.QueueState, QueueState.Queued), cancellationToken);
    }

    /// <summary>Takes the oldest log book of the pool, and waits while there is none. A log book waits until the earlier ones of its image backup have finished.</summary>
    public async Task<LogBookRecord> DequeueAsync(WorkerPool pool, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryTakeAsync(pool, cancellationToken) is { } book)
            {
                return book;
            }

            await signals[pool].Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>Queues a log book again that could not be run. It keeps its place.</summary>
    public async Task PutBackAsync(LogBookRecord book, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.LogBooks.Where(row => row.Id == book.Id && row.QueueState == QueueState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.QueueState, QueueState.Queued), cancellationToken);
    }

    private async Task<LogBookRecord?> TryTakeAsync(WorkerPool pool, CancellationToken cancellationToken)
    {
        // After a power failure, it is taken again.
        CommitFlush.Defer();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var quickActions = actions.Quick;
        var isQuick = pool == WorkerPool.Quick;
        while (true)
        {
            var next = await db.LogBooks.AsNoTracking()
                .Where(book => book.QueueState == QueueState.Queued && quickActions.Contains(book.Action) == isQuick
                    && !db.LogBooks.Any(earlier => earlier.BackupId == book.BackupId && earlier.Sequence < book.Sequence && earlier.QueueState != QueueState.Finished))
                .OrderBy(book => book.Sequence)
                .FirstOrDefaultAsync(cancellationToken);
            if (next is null)
            {
                return null;
            }

            var now = time.GetUtcNow().UtcDateTime;
            var taken = await db.LogBooks.Where(book => book.Sequence == next.Sequence && book.QueueState == QueueState.Queued).ExecuteUpdateAsync(
                set => set.SetProperty(book => book.QueueState, QueueState.Running).SetProperty(book => book.StartedAt, book => book.StartedAt ?? now),
                cancellationToken);
            if (taken == 1)
            {
                return next;
            }
        }
    }
}
