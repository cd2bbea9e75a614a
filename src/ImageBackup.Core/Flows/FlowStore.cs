using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Flows;

/// <summary>Adds, stops and finds log books. <see cref="FlowJournal"/> records what a run does.</summary>
public sealed class FlowStore(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    // Compiled, because clients that follow the progress run them several times per second. Each finds its rows by an index.
    private static readonly Func<ImageBackupDbContext, string, CancellationToken, Task<LogBookRecord?>> FindBook = EF.CompileAsyncQuery(
        (ImageBackupDbContext db, string id, CancellationToken _) => db.LogBooks.AsNoTracking().FirstOrDefault(book => book.Id == id));

    private static readonly Func<ImageBackupDbContext, string, IAsyncEnumerable<FlowRecord>> FindFlows = EF.CompileAsyncQuery(
        (ImageBackupDbContext db, string id) => db.Flows.AsNoTracking().Where(flow => flow.LogBookId == id).OrderBy(flow => flow.Position).AsQueryable());

    private static readonly Func<ImageBackupDbContext, string, IAsyncEnumerable<TaskRecord>> FindTasks = EF.CompileAsyncQuery(
        (ImageBackupDbContext db, string id) => db.Flows.Where(flow => flow.LogBookId == id)
            .Join(db.Tasks.AsNoTracking(), flow => flow.Id, task => task.FlowId, (flow, task) => task).OrderBy(task => task.Position).AsQueryable());

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
        var untouched = await unfinished.Where(book => book.QueueState == QueueState.Queued && !book.Flows.Any(flow => flow.State != FlowState.Pending))
            .Select(book => book.Id).ToListAsync(cancellationToken);
        if (untouched.Count > 0)
        {
            await db.Flows.Where(flow => untouched.Contains(flow.LogBookId)).ExecuteUpdateAsync(set => set.SetProperty(flow => flow.State, FlowState.Reverted), cancellationToken);
            await db.LogBooks.Where(book => untouched.Contains(book.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(book => book.QueueState, QueueState.Finished).SetProperty(book => book.FinishedAt, Now), cancellationToken);
        }

        return await unfinished.Select(book => book.Id).ToListAsync(cancellationToken);
    }

    public async Task<LogBookRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindBook(db, id, cancellationToken) is not { } book)
        {
            return null;
        }

        book.Flows.AddRange(await FindFlows(db, id).ToListAsync(cancellationToken));
        await foreach (var task in FindTasks(db, id).WithCancellation(cancellationToken))
        {
            book.Flows.Find(flow => flow.Id == task.FlowId)?.Tasks.Add(task);
        }

        return book;
    }

    internal async Task<Dictionary<string, int>> FindPercentsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.LogBooks.Where(book => ids.Contains(book.Id)).ToDictionaryAsync(book => book.Id, book => book.Progress, cancellationToken);
    }
}
