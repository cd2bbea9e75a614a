using System.Collections.Concurrent;
using System.Threading.Channels;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Flows;

/// <summary>The queue of log books. The rows are the queue; memory holds only the signals that wake workers.</summary>
public sealed class FlowQueue(FlowActions actions, IDbContextFactory<ImageBackupDbContext> contexts, IOptions<FlowOptions> options, IOptions<ClusterOptions> cluster, TimeProvider time)
{
    /// <summary>The most workers of a pool. More signals than workers are not needed, because a worker looks at the queue before it waits.</summary>
    private static readonly BoundedChannelOptions MostSignals = new(256) { FullMode = BoundedChannelFullMode.DropWrite };

    private readonly Dictionary<WorkerPool, Channel<bool>> signals = Enum.GetValues<WorkerPool>().ToDictionary(pool => pool, _ => Channel.CreateBounded<bool>(MostSignals));

    /// <summary>Lets one worker of all processes claim a log book at a time, so that no two take the last place of a node or a project.</summary>
    private const string ClaimLock = "claims";

    /// <summary>The number of each project's last turn in this process.</summary>
    private readonly ConcurrentDictionary<string, long> turns = new(StringComparer.Ordinal);
    private long lastTurn;

    /// <summary>Wakes one worker of each pool. Call it after a commit that adds or finishes a log book.</summary>
    public void Wake()
    {
        foreach (var signal in signals.Values)
        {
            signal.Writer.TryWrite(true);
        }
    }

    /// <summary>Wakes every worker.</summary>
    public void WakeAll()
    {
        for (var i = 0; i < MostSignals.Capacity; i++)
        {
            Wake();
        }
    }

    /// <summary>Queues the log books that this process was running before it stopped or lost its lease. They keep their places.</summary>
    internal async Task RequeueAsync(WorkerLease lease, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // After the claims that this process has given up, but that may still be committed.
        await db.LockAsync(ClaimLock, cancellationToken);
        await RequeueAsync(db.LogBooks.Where(book => book.WorkerId == lease.WorkerId || !db.IsShared), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Queues the log books of processes whose leases are over. Returns how many. They keep their places.</summary>
    internal async Task<int> RequeueExpiredAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await RequeueAsync(db.LogBooks.Where(book => !db.Services.Any(service => service.Id == book.WorkerId && service.LeaseEndsAt > DateTime.UtcNow)), cancellationToken);
    }

    /// <summary>Takes a log book of the pool, and waits while there is none. A log book waits until the earlier ones of its image backup have finished.</summary>
    public async Task<LogBookRecord> DequeueAsync(WorkerPool pool, WorkerLease lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryTakeAsync(pool, lease, cancellationToken) is { } book)
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
        await RequeueAsync(db.LogBooks.Where(row => row.Id == book.Id && row.WorkerId == book.WorkerId && row.Fence == book.Fence), cancellationToken);
    }

    /// <summary>Returns true while a run has its log book. A database that one process uses has no other run.</summary>
    internal Task<bool> IsHeldAsync(LogBookFence fence, CancellationToken cancellationToken) => DatabaseWait.RunAsync(
        async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return !db.IsShared
                || await db.LogBooks.AnyAsync(book => book.Id == fence.BookId && book.WorkerId == fence.WorkerId && book.Fence == fence.Number && book.QueueState != QueueState.Queued, cancellationToken);
        },
        fence.Lost);

    /// <summary>Returns why operators have stopped log books that this process runs, by log book.</summary>
    internal async Task<Dictionary<string, string>> FindStoppedAsync(WorkerLease lease, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.LogBooks.Where(book => book.QueueState == QueueState.Running && book.WorkerId == lease.WorkerId && book.CancelReason != null)
            .ToDictionaryAsync(book => book.Id, book => book.CancelReason!, cancellationToken);
    }

    private static Task<int> RequeueAsync(IQueryable<LogBookRecord> books, CancellationToken cancellationToken)
        => books.Where(book => book.QueueState == QueueState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(book => book.QueueState, QueueState.Queued), cancellationToken);

    /// <summary>
    /// Takes a log book in one transaction. Of the projects that wait, the one with the fewest running operations has its turn, then the one whose last turn is
    /// longest ago.
    /// </summary>
    private async Task<LogBookRecord?> TryTakeAsync(WorkerPool pool, WorkerLease lease, CancellationToken cancellationToken)
    {
        // After a power failure, it is taken again.
        CommitFlush.Defer();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await Waiting(db, pool).AnyAsync(cancellationToken))
        {
            return null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAsync(ClaimLock, cancellationToken);
        if (!await MayTakeAsync(db, lease, cancellationToken))
        {
            return null;
        }

        foreach (var sequence in await OrderAsync(db, pool, cancellationToken))
        {
            if (await TakeAsync(db, sequence, lease, cancellationToken) is { } taken)
            {
                await CommitAsync(transaction, taken, db.IsShared, cancellationToken);
                turns[taken.ProjectId] = ++lastTurn;
                return taken;
            }
        }

        return null;
    }

    /// <summary>Commits a claim. If the answer is lost, the row tells whether the log book is taken.</summary>
    private async Task CommitAsync(IDbContextTransaction transaction, LogBookRecord taken, bool isShared, CancellationToken cancellationToken)
    {
        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failure) when (isShared && failure is not OperationCanceledException)
        {
            if (!await DatabaseWait.RunAsync(() => IsTakenAsync(taken, cancellationToken), cancellationToken))
            {
                throw;
            }
        }
    }

    private async Task<bool> IsTakenAsync(LogBookRecord taken, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // The claim has the lock until it is committed or not.
        await db.LockAsync(ClaimLock, cancellationToken);
        return await db.LogBooks.AnyAsync(
            book => book.Id == taken.Id && book.WorkerId == taken.WorkerId && book.Fence == taken.Fence && book.QueueState == QueueState.Running, cancellationToken);
    }

    /// <summary>Returns false for a worker that is disabled or has lost its lease.</summary>
    private static Task<bool> MayTakeAsync(ImageBackupDbContext db, WorkerLease lease, CancellationToken cancellationToken)
    {
        // A restored snapshot has the incarnation of its time. A lease without a length belongs to the only process.
        var isOnly = lease.Length is null;
        return db.Services.AnyAsync(
            service => service.Id == lease.WorkerId && !service.IsDisabled
                && (isOnly || (service.Incarnation == lease.Incarnation && service.LeaseEndsAt > DateTime.UtcNow)),
            cancellationToken);
    }

    private IQueryable<LogBookRecord> Waiting(ImageBackupDbContext db, WorkerPool pool)
    {
        var quickActions = actions.Quick;
        var isQuick = pool == WorkerPool.Quick;
        var nodes = cluster.Value.Nodes;
        var anyNode = nodes.Count == 0;
        return db.LogBooks.Where(book => book.QueueState == QueueState.Queued && quickActions.Contains(book.Action) == isQuick && (anyNode || book.Node == null || nodes.Contains(book.Node))
            && !db.LogBooks.Any(earlier => earlier.BackupId == book.BackupId && earlier.Sequence < book.Sequence && earlier.QueueState != QueueState.Finished));
    }

    /// <summary>Returns the oldest log book of each project and node, the fairest first, without those whose node or project has enough running.</summary>
    private async Task<IEnumerable<long>> OrderAsync(ImageBackupDbContext db, WorkerPool pool, CancellationToken cancellationToken)
    {
        var quickActions = actions.Quick;
        var isQuick = pool == WorkerPool.Quick;
        var running = await db.LogBooks.Where(book => book.QueueState == QueueState.Running && quickActions.Contains(book.Action) == isQuick)
            .GroupBy(book => new { book.ProjectId, book.Node })
            .Select(group => new { group.Key.ProjectId, group.Key.Node, Count = group.Count() })
            .ToListAsync(cancellationToken);
        var byProject = running.GroupBy(group => group.ProjectId).ToDictionary(group => group.Key, group => group.Sum(node => node.Count));
        var byNode = running.GroupBy(group => group.Node ?? "").ToDictionary(group => group.Key, group => group.Sum(project => project.Count));
        var waiting = await Waiting(db, pool)
            .GroupBy(book => new { book.ProjectId, book.Node })
            .Select(group => new { group.Key.ProjectId, group.Key.Node, Oldest = group.Min(book => book.Sequence) })
            .ToListAsync(cancellationToken);
        return waiting
            .Where(oldest => HasPlace(byProject.GetValueOrDefault(oldest.ProjectId), options.Value.MaxPerProject) && HasPlace(byNode.GetValueOrDefault(oldest.Node ?? ""), options.Value.MaxPerNode))
            .OrderBy(oldest => byProject.GetValueOrDefault(oldest.ProjectId))
            .ThenBy(oldest => turns.GetValueOrDefault(oldest.ProjectId))
            .ThenBy(oldest => oldest.Oldest)
            .Select(oldest => oldest.Oldest);
    }

    private static bool HasPlace(int running, int most) => most == 0 || running < most;

    /// <summary>Returns null if another transaction holds the log book, for example to stop it.</summary>
    private async Task<LogBookRecord?> TakeAsync(ImageBackupDbContext db, long sequence, WorkerLease lease, CancellationToken cancellationToken)
    {
        var book = await db.LogBooks.AsNoTracking().TagWith(ImageBackupDbContext.SkipLocked)
            .FirstOrDefaultAsync(row => row.Sequence == sequence && row.QueueState == QueueState.Queued, cancellationToken);
        if (book is null)
        {
            return null;
        }

        var now = time.GetUtcNow().UtcDateTime;
        (book.WorkerId, book.Fence) = (lease.WorkerId, await db.NextFenceAsync(book, cancellationToken));
        await db.LogBooks.Where(row => row.Sequence == sequence).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.QueueState, QueueState.Running)
                .SetProperty(row => row.WorkerId, book.WorkerId)
                .SetProperty(row => row.Fence, book.Fence)
                .SetProperty(row => row.StartedAt, row => row.StartedAt ?? now),
            cancellationToken);
        return book;
    }
}
