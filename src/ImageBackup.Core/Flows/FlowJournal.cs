using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Flows;

/// <summary>
/// Records what a run does. Every change is one short transaction, which locks the log book, flow, task and image backup in this order. While the database does
/// not answer, a change waits; only the progress does without.
/// </summary>
public sealed class FlowJournal(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Marks the flow RUNNING. Adds its tasks, unless an earlier run has added them.</summary>
    internal Task<IReadOnlyList<TaskRecord>> BeginFlowAsync(FlowRecord row, FlowTasks flow, CancellationToken cancellationToken)
        => DatabaseWait.RunAsync(() => TryBeginFlowAsync(row, flow, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<TaskRecord>> TryBeginFlowAsync(FlowRecord row, FlowTasks flow, CancellationToken cancellationToken)
    {
        // After a power failure, the flow begins again.
        CommitFlush.Defer();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var tasks = await db.Tasks.Where(task => task.FlowId == row.Id).OrderBy(task => task.Position).ToListAsync(cancellationToken);
        if (tasks.Count == 0)
        {
            tasks = [.. flow.All.Select((task, position) => new TaskRecord
            {
                FlowId = row.Id,
                Name = task.Name,
                Position = position,
                State = TaskState.Pending,
                BytesTotal = task.ExpectedBytes,
            })];
            db.Tasks.AddRange(tasks);
            await db.SaveChangesAsync(cancellationToken);
        }

        await SetFlowAsync(db, row.Id, FlowState.Running, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return tasks;
    }

    /// <summary>Marks the task RUNNING. The listener changes the backup's status in the same transaction.</summary>
    internal async Task BeginTaskAsync(LogBookRecord book, TaskRecord row, FlowPhase phase, IFlowListener listener, CancellationToken cancellationToken)
    {
        // After a power failure, the task begins again.
        CommitFlush.Defer();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(task => task.State, TaskState.Running)
                .SetProperty(task => task.Attempt, task => task.Attempt + 1)
                .SetProperty(task => task.BytesDone, 0)
                .SetProperty(task => task.StartedAt, task => task.StartedAt ?? Now),
            cancellationToken);
        await listener.TaskStartingAsync(db, book, phase, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        row.Attempt++;
        row.State = TaskState.Running;
    }

    /// <summary>Records a task's result together with the state that the task changed.</summary>
    internal async Task EndTaskAsync(LogBookRecord book, TaskRecord row, RunningTask running, object? result, string state, int progress, bool mayRunAgain, CancellationToken cancellationToken)
    {
        if (mayRunAgain)
        {
            CommitFlush.Defer();
        }

        row.Result = result is null ? null : StoredJson.Write(result);
        row.State = TaskState.Success;
        await DatabaseWait.RunAsync(() => TryEndTaskAsync(book, row, running, state, progress, cancellationToken), cancellationToken);
    }

    private async Task TryEndTaskAsync(LogBookRecord book, TaskRecord row, RunningTask running, string state, int progress, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LogBooks.Where(found => found.Id == book.Id).ExecuteUpdateAsync(
            set => set.SetProperty(found => found.State, state).SetProperty(found => found.Progress, found => Math.Max(found.Progress, progress)),
            cancellationToken);
        await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(task => task.State, TaskState.Success)
                .SetProperty(task => task.Result, row.Result)
                .SetProperty(task => task.BytesDone, running.BytesTotal)
                .SetProperty(task => task.BytesTotal, running.BytesTotal)
                .SetProperty(task => task.FinishedAt, Now),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    internal Task SaveStateAsync(string bookId, string state, CancellationToken cancellationToken)
        => DatabaseWait.RunAsync(
            async () =>
            {
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                await db.LogBooks.Where(book => book.Id == bookId).ExecuteUpdateAsync(set => set.SetProperty(book => book.State, state), cancellationToken);
            },
            cancellationToken);

    internal async Task SaveProgressAsync(string bookId, TaskRecord row, RunningTask running, int progress, CancellationToken cancellationToken)
    {
        CommitFlush.Defer();
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.LogBooks.Where(book => book.Id == bookId && book.Progress < progress).ExecuteUpdateAsync(set => set.SetProperty(book => book.Progress, progress), cancellationToken);
            await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
                set => set.SetProperty(task => task.BytesDone, running.BytesDone).SetProperty(task => task.BytesTotal, running.BytesTotal),
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsAway(exception))
        {
            // The next report has later figures.
        }
    }

    internal Task SetTaskAsync(TaskRecord row, TaskState state, string? failure, CancellationToken cancellationToken)
    {
        row.State = state;
        return DatabaseWait.RunAsync(
            async () =>
            {
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(task => task.State, state)
                        .SetProperty(task => task.Failure, task => failure ?? task.Failure)
                        .SetProperty(task => task.FinishedAt, Now),
                    cancellationToken);
            },
            LostOr(cancellationToken));
    }

    internal Task SetFlowAsync(int flowId, FlowState state, CancellationToken cancellationToken)
        => DatabaseWait.RunAsync(
            async () =>
            {
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                await SetFlowAsync(db, flowId, state, cancellationToken);
            },
            LostOr(cancellationToken));

    /// <summary>
    /// Finishes a log book: flows, queue state and the listener's change of the backup are one transaction. Returns false and changes nothing if the
    /// listener refuses.
    /// </summary>
    internal Task<bool> FinishAsync(LogBookRecord book, IEnumerable<FlowRecord> flows, FlowState state, int progress, FlowOutcome outcome, IFlowListener listener)
    {
        var ended = flows.ToList();
        return DatabaseWait.RunAsync(() => TryFinishAsync(book, ended, state, progress, outcome, listener), LostOr(CancellationToken.None));
    }

    private async Task<bool> TryFinishAsync(LogBookRecord book, List<FlowRecord> flows, FlowState state, int progress, FlowOutcome outcome, IFlowListener listener)
    {
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var reached = state == FlowState.Success ? 100 : progress;
        var finished = await db.LogBooks.Where(row => row.Id == book.Id && row.QueueState != QueueState.Finished).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.QueueState, QueueState.Finished)
                .SetProperty(row => row.Progress, row => Math.Max(row.Progress, reached))
                .SetProperty(row => row.FinishedAt, Now),
            CancellationToken.None);
        if (finished == 0)
        {
            // The answer to an earlier attempt was lost.
            return true;
        }

        foreach (var flow in flows)
        {
            await SetFlowAsync(db, flow.Id, state, CancellationToken.None);
        }

        if (!await listener.FinishedAsync(db, book, outcome, CancellationToken.None))
        {
            return false;
        }

        await db.RingAsync(PostgreSqlBell.Work, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    /// <summary>A run that has lost its log book does not wait to record anything.</summary>
    private static CancellationToken LostOr(CancellationToken cancellationToken)
        => cancellationToken.CanBeCanceled ? cancellationToken : LogBookFence.Current?.Lost ?? cancellationToken;

    private static Task<int> SetFlowAsync(ImageBackupDbContext db, int flowId, FlowState state, CancellationToken cancellationToken)
        => db.Flows.Where(flow => flow.Id == flowId).ExecuteUpdateAsync(set => set.SetProperty(flow => flow.State, state), cancellationToken);
}
