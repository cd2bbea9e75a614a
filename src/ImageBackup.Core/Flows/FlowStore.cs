using System.Text.Json;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Flows;

/// <summary>Log books, flows and tasks in the database; every change is one short transaction.</summary>
public sealed class FlowStore(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    /// <summary>Asked several times a second by whoever watches: translated once.</summary>
    private static readonly Func<ImageBackupDbContext, string, CancellationToken, Task<LogBookRecord?>> FindBook = EF.CompileAsyncQuery(
        (ImageBackupDbContext db, string id, CancellationToken _) => db.LogBooks.AsNoTracking()
            .Include(book => book.Flows.OrderBy(flow => flow.Position)).ThenInclude(flow => flow.Tasks.OrderBy(task => task.Position))
            .FirstOrDefault(book => book.Id == id));

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Adds a log book to the queue, in the caller's transaction; ring the queue after the commit.</summary>
    public LogBookRecord Enqueue(ImageBackupDbContext db, string id, string action, int backupId, string projectId, FlowOperation operation)
    {
        var book = new LogBookRecord
        {
            Id = id,
            BackupId = backupId,
            ProjectId = projectId,
            Action = action,
            QueueState = QueueState.Queued,
            State = operation.SaveState(),
            CreatedAt = Now,
            Flows = [.. operation.Flows.Select((flow, position) => new FlowRecord { LogBookId = id, Name = flow.Name, Position = position, State = FlowState.Pending })],
        };
        db.LogBooks.Add(book);
        return book;
    }

    /// <summary>Stops a backup's unfinished log books, in the caller's transaction: those that wait are over at once, the ids of those that run are returned, to be stopped after the commit.</summary>
    public async Task<IReadOnlyList<string>> StopAsync(ImageBackupDbContext db, int backupId, string reason, CancellationToken cancellationToken)
    {
        var unfinished = db.LogBooks.Where(book => book.BackupId == backupId && book.QueueState != QueueState.Finished);
        await unfinished.ExecuteUpdateAsync(set => set.SetProperty(book => book.CancelReason, reason), cancellationToken);

        // One that waits for the first time has done nothing; one that waits after a restart has something to revert.
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

    /// <summary>Puts the flow's tasks into the database where an earlier run has not, and marks the flow RUNNING.</summary>
    internal async Task<IReadOnlyList<TaskRecord>> BeginFlowAsync(FlowRecord row, Flow flow, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var tasks = await db.Tasks.Where(task => task.FlowId == row.Id).OrderBy(task => task.Position).ToListAsync(cancellationToken);
        if (tasks.Count == 0)
        {
            tasks = [.. flow.Tasks.Select((task, position) => new TaskRecord
            {
                FlowId = row.Id,
                Name = task.Name,
                Position = position,
                State = TaskState.Pending,
                BytesTotal = task.ExpectedBytes,
            })];
            db.Tasks.AddRange(tasks);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await SetFlowAsync(db, row.Id, FlowState.Running, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return tasks;
    }

    internal async Task BeginTaskAsync(TaskRecord row, Func<ImageBackupDbContext, Task> also, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(task => task.State, TaskState.Running)
                .SetProperty(task => task.Attempt, task => task.Attempt + 1)
                .SetProperty(task => task.BytesDone, 0)
                .SetProperty(task => task.StartedAt, task => task.StartedAt ?? Now),
            cancellationToken);
        await also(db);
        await transaction.CommitAsync(cancellationToken);
        row.Attempt++;
        row.State = TaskState.Running;
    }

    /// <summary>Records a task's result together with the state that it changed.</summary>
    internal async Task EndTaskAsync(LogBookRecord book, TaskRecord row, RunningTask running, object? result, string state, int progress, CancellationToken cancellationToken)
    {
        row.Result = result is null ? null : JsonSerializer.Serialize(result, FlowJson.Options);
        row.State = TaskState.Success;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(task => task.State, TaskState.Success)
                .SetProperty(task => task.Result, row.Result)
                .SetProperty(task => task.BytesDone, running.BytesTotal)
                .SetProperty(task => task.BytesTotal, running.BytesTotal)
                .SetProperty(task => task.FinishedAt, Now),
            cancellationToken);
        await SaveBookAsync(db, book.Id, state, progress, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    internal async Task SaveStateAsync(string bookId, string state, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.LogBooks.Where(book => book.Id == bookId).ExecuteUpdateAsync(set => set.SetProperty(book => book.State, state), cancellationToken);
    }

    internal async Task SaveProgressAsync(string bookId, TaskRecord row, RunningTask running, int progress, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(task => task.BytesDone, running.BytesDone).SetProperty(task => task.BytesTotal, running.BytesTotal),
            cancellationToken);
        await db.LogBooks.Where(book => book.Id == bookId && book.Progress < progress).ExecuteUpdateAsync(set => set.SetProperty(book => book.Progress, progress), cancellationToken);
    }

    internal async Task SetTaskAsync(TaskRecord row, TaskState state, string? failure, CancellationToken cancellationToken)
    {
        row.State = state;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(task => task.State, state)
                .SetProperty(task => task.Failure, task => failure ?? task.Failure)
                .SetProperty(task => task.FinishedAt, Now),
            cancellationToken);
    }

    internal async Task SetFlowAsync(int flowId, FlowState state, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await SetFlowAsync(db, flowId, state, cancellationToken);
    }

    /// <summary>Ends a log book: the state of its flows, its place in the queue, and what the listener adds become true together, or not at all.</summary>
    internal async Task<bool> FinishAsync(LogBookRecord book, IEnumerable<FlowRecord> flows, FlowState state, int progress, Func<ImageBackupDbContext, Task<bool>> also)
    {
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        foreach (var flow in flows)
        {
            await SetFlowAsync(db, flow.Id, state, CancellationToken.None);
        }

        var reached = state == FlowState.Success ? 100 : progress;
        await db.LogBooks.Where(row => row.Id == book.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.QueueState, QueueState.Finished)
                .SetProperty(row => row.Progress, row => Math.Max(row.Progress, reached))
                .SetProperty(row => row.FinishedAt, Now),
            CancellationToken.None);
        if (!await also(db))
        {
            return false;
        }

        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private static Task<int> SetFlowAsync(ImageBackupDbContext db, int flowId, FlowState state, CancellationToken cancellationToken)
        => db.Flows.Where(flow => flow.Id == flowId).ExecuteUpdateAsync(set => set.SetProperty(flow => flow.State, state), cancellationToken);

    private static Task<int> SaveBookAsync(ImageBackupDbContext db, string bookId, string state, int progress, CancellationToken cancellationToken)
        => db.LogBooks.Where(book => book.Id == bookId).ExecuteUpdateAsync(
            set => set.SetProperty(book => book.State, state).SetProperty(book => book.Progress, book => Math.Max(book.Progress, progress)),
            cancellationToken);
}
