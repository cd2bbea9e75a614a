using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Flows;

/// <summary>Adds, stops and finds log books. <see cref="FlowJournal"/> records what a run does.</summary>
public sealed class FlowStore(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    /// <summary>Compiled, because clients that follow the progress run it several times per second.</summary>
    private static readonly Func<ImageBackupDbContext, string, CancellationToken, Task<LogBookRecord?>> FindBook = EF.CompileAsyncQuery(
        (ImageBackupDbContext db, string id, CancellationToken _) => db.LogBooks.AsNoTracking()
            .Include(book => book.Flows.OrderBy(flow => flow.Position)).ThenInclude(flow => flow.Tasks.OrderBy(task => task.Position))
            .FirstOrDefault(book => book.Id == id));

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Adds a queued log book to the caller's transaction. After the commit, the caller wakes the workers.</summary>
    public void Enqueue(ImageBackupDbContext db, string id, string action, int backupId, string projectId, FlowOperation operation)
        => db.LogBooks.Add(new LogBookRecord
        {
            Id = id,
            BackupId = backupId,
            ProjectId = projectId,
            Action = action,
            QueueState = QueueState.Queued,
            State = operation.SaveState(),
            CreatedAt = Now,
            Flows = [.. operation.Flows.Select((flow, position) => new FlowRecord { LogBookId = id, Name = flow.Name, Position = position, State = FlowState.Pending })],
        });

    /// <summary>
    /// Stops a backup's unfinished log books in the caller's transaction. Those that have not begun are finished now. Returns the ids of the
    /// others: after the commit, the caller stops them in <see cref="RunningFlows"/>.
    /// </summary>
    public async Task<IReadOnlyList<string>> StopAsync(ImageBackupDbContext db, int backupId, string reason, CancellationToken cancellationToken)
    {
        var unfinished = db.LogBooks.Where(book => book.BackupId == backupId && book.QueueState != QueueState.Finished);
        await unfinished.ExecuteUpdateAsync(set => set.SetProperty(book => book.CancelReason, reason), cancellationToken);

        // A log book that is queued again after a restart has tasks to revert, so a worker must run it.
        var untouched = unfinished.Where(book => book.QueueState == QueueState.Queued && !book.Flows.Any(flow => flow.State != FlowState.Pending));
        await db.Flows.Where(flow => untouched.Any(book => book.Id == flow.LogBookId)).ExecuteUpdateAsync(set => set.SetProperty(flow => flow.State, FlowState.Reverted), cancellationToken);
        await db.LogBooks
            .Where(book => book.BackupId == backupId && book.QueueState == QueueState.Queued && book.Flows.All(flow => flow.State == FlowState.Reverted))
            .ExecuteUpdateAsync(set => set.SetProperty(book => book.QueueState, QueueState.Finished).SetProperty(book => book.FinishedAt, Now), cancellationToken);
        return await unfinished.Select(book => book.Id).ToListAsync(cancellationToken);
    }

    public async Task<LogBookRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindBook(db, id, cancellationToken);
    }

    internal async Task<Dictionary<string, int>> FindPercentsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.LogBooks.Where(book => ids.Contains(book.Id)).ToDictionaryAsync(book => book.Id, book => book.Progress, cancellationToken);
    }
}
