using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Flows;

/// <summary>Records what a run does. Every change is one short transaction.</summary>
public sealed class FlowJournal(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Marks the flow RUNNING. Adds its tasks, unless an earlier run has added them.</summary>
    internal async Task<IReadOnlyList<TaskRecord>> BeginFlowAsync(FlowRecord row, FlowTasks flow, CancellationToken cancellationToken)
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
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Tasks.Where(task => task.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(task => task.State, TaskState.Success)
                .SetProperty(task => task.Result, row.Result)
                .SetProperty(task => task.BytesDone, running.BytesTotal)
                .SetProperty(task => task.BytesTotal, running.BytesTotal)
                .SetProperty(task => task.FinishedAt, Now),
            cancellationToken);
        await db.LogBooks.Where(found => found.Id == book.Id).ExecuteUpdateAsync(
            set => set.SetProperty(found => found.State, state).SetProperty(found => found.Progress, found => Math.Max(found.Progress, progress)),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    internal async Task SaveStateAsync(string bookId, string state, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.LogBooks.Where(book => book.Id == bookId).ExecuteUpdateAsync(set => set.SetProperty(book => book.State, state), cancellationToken);
    }

    internal async Task SaveProgressAsync(string bookId, TaskRecord row, RunningTask running, int progress, CancellationToken cancellationToken)
    {
        CommitFlush.Defer();
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

    /// <summary>
    /// Finishes a log book: flows, queue state and the listener's change of the backup are one transaction. Returns false and changes nothing if the
    /// listener refuses.
    /// </summary>
    internal async Task<bool> FinishAsync(LogBookRecord book, IEnumerable<FlowRecord> flows, FlowState state, int progress, FlowOutcome outcome, IFlowListener listener)
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
        if (!await listener.FinishedAsync(db, book, outcome, CancellationToken.None))
        {
            return false;
        }

        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private static Task<int> SetFlowAsync(ImageBackupDbContext db, int flowId, FlowState state, CancellationToken cancellationToken)
        => db.Flows.Where(flow => flow.Id == flowId).ExecuteUpdateAsync(set => set.SetProperty(flow => flow.State, state), cancellationToken);
}
