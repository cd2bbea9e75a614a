using System.Data.Common;
using System.Diagnostics;
using ImageBackup.Core.Faults;
using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>One run of one log book, from the first task that is not SUCCESS to the end, there or back.</summary>
internal sealed partial class FlowRun(FlowServices services, LogBookRecord book, FlowOperation operation, RunningBook running, IFlowListener listener, CancellationToken hostStopping)
{
    /// <summary>A task that ends the process each time it is started must not do so for ever.</summary>
    private const int MostAttempts = 25;
    private static readonly TimeSpan RevertTimeout = TimeSpan.FromSeconds(60);

    private readonly FlowStore store = services.Store;
    private readonly ILogger logger = services.Logger;
    private readonly List<BegunTask> begun = [];
    private readonly List<FlowRecord> open = [];
    private BegunTask? current;

    public async Task<FlowOutcome> RunAsync()
    {
        var start = services.Time.GetTimestamp();
        using var activity = services.Metrics.FlowStarted(book);
        var outcome = await RunFlowsAsync();
        services.Metrics.FlowFinished(book, outcome, services.Time.GetElapsedTime(start));
        activity?.SetStatus(outcome.Succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error, outcome.Reason);
        return outcome;
    }

    private async Task<FlowOutcome> RunFlowsAsync()
    {
        try
        {
            foreach (var flow in book.Flows)
            {
                await RunFlowAsync(flow);
            }
        }
        catch (Exception exception) when (!hostStopping.IsCancellationRequested || running.StopReason is not null)
        {
            return await RevertAsync(exception);
        }

        return await FinishAsync(FlowOutcome.Success, FlowState.Success)
            ? FlowOutcome.Success
            : await RevertAsync(new OperationCanceledException());
    }

    private async Task RunFlowAsync(FlowRecord row)
    {
        var flow = operation.Build(row.Name);
        foreach (var task in await BeginFlowAsync(row, flow))
        {
            if (task.Row.State != TaskState.Success)
            {
                await RunTaskAsync(task);
            }
        }

        if (row.State != FlowState.Success && row != book.Flows[^1])
        {
            // The last flow's SUCCESS is written together with the end of the log book.
            row.State = FlowState.Success;
            await store.SetFlowAsync(row.Id, FlowState.Success, hostStopping);
        }

        if (flow.StandsOnceDone && row != book.Flows[^1])
        {
            begun.RemoveAll(task => task.Flow == row);
            open.Remove(row);
        }
    }

    private async Task<IReadOnlyList<BegunTask>> BeginFlowAsync(FlowRecord row, Flow flow)
    {
        open.Add(row);
        var rows = row.State == FlowState.Success ? row.Tasks : await store.BeginFlowAsync(row, flow, hostStopping);
        var tasks = flow.Tasks.Zip(rows, (task, taskRow) => new BegunTask(task, taskRow, Live(task, taskRow), row)).ToList();
        running.Begin(row.Name, [.. tasks.Select(task => task.Live)]);

        // What an earlier run did is undone too, should this one fail; what an earlier run had begun to undo is undone now.
        begun.AddRange(tasks.Where(task => task.Row.State != TaskState.Pending));
        if (tasks.Exists(task => task.Row.State is TaskState.Failure or TaskState.Reverting or TaskState.Reverted or TaskState.RevertFailure))
        {
            current = FindFailed() ?? begun[^1];
            throw new EarlierFailureException(current.Row.Failure ?? "The flow was being reverted when the service stopped.");
        }

        return tasks;
    }

    /// <summary>The task that an earlier run recorded as failed, in whichever flow.</summary>
    private BegunTask? FindFailed()
    {
        foreach (var flow in book.Flows)
        {
            if (flow.Tasks.Find(row => row.Failure is not null) is { } failed)
            {
                var task = operation.Build(flow.Name).Tasks.First(task => task.Name == failed.Name);
                return new BegunTask(task, failed, Live(task, failed), flow);
            }
        }

        return null;
    }

    private async Task RunTaskAsync(BegunTask task)
    {
        running.Stopping.ThrowIfCancellationRequested();
        current = task;
        if (!begun.Contains(task))
        {
            begun.Add(task);
        }

        await store.BeginTaskAsync(task.Row, db => listener.TaskStartingAsync(db, book, task.Task, hostStopping), hostStopping);
        task.Live.State = TaskState.Running;
        LogTaskStarted(logger, task.Row.Name, book.Id, book.BackupId, task.Row.Attempt);
        if (task.Row.Attempt > MostAttempts)
        {
            throw new UnavailableException($"The task was started {MostAttempts} times and never came to an end.");
        }

        var start = services.Time.GetTimestamp();
        var result = await ExecuteAsync(task);
        task.Live.State = TaskState.Success;
        await store.EndTaskAsync(book, task.Row, task.Live, result, operation.SaveState(), running.Progress, running.Stopping);
        services.Metrics.TaskSucceeded(task.Task, services.Time.GetElapsedTime(start));
        LogTaskFinished(logger, task.Row.Name, book.Id, book.BackupId, task.Live.BytesTotal);
    }

    private async Task<object?> ExecuteAsync(BegunTask task)
    {
        using var activity = FlowMetrics.TaskStarted(task.Task);
        var context = new TaskContext(
            task.Live,
            services.Faults,
            (before, now) => services.Metrics.Processed(task.Task, before, now),
            token => store.SaveStateAsync(book.Id, operation.SaveState(), token),
            token => store.SaveProgressAsync(book.Id, task.Row, task.Live, running.Progress, token));
        await services.Faults.PassAsync(task.Row.Name, 0, 0, running.Stopping);
        var result = await task.Task.ExecuteAsync(context, running.Stopping);
        await services.Faults.PassAsync(task.Row.Name, 1, task.Live.BytesTotal, running.Stopping);
        return result;
    }

    /// <summary>Undoes what stands of the log book, newest first, the failed task too.</summary>
    private async Task<FlowOutcome> RevertAsync(Exception exception)
    {
        var failedTask = current?.Row.Name ?? book.Action;
        var reason = running.StopReason ?? (exception is EarlierFailureException ? exception.Message : FailureReasons.Describe(failedTask, exception));
        LogFailed(logger, running.StopReason is null ? exception : null, failedTask, book.Id, book.BackupId, reason);
        services.Metrics.Failed(book, current?.Task, running.StopReason is null ? FailureReasons.CauseOf(exception) : FailureReasons.Stopped);
        await TryRecordAsync(() => RecordFailureAsync(reason, exception is EarlierFailureException));

        var undone = true;
        foreach (var task in Enumerable.Reverse(begun))
        {
            undone &= await TryRevertTaskAsync(task);
        }

        var outcome = new FlowOutcome(false, current?.Task, reason);
        await FinishAsync(outcome, undone ? FlowState.Reverted : FlowState.Failure);
        return outcome;
    }

    private async Task RecordFailureAsync(string reason, bool isRecorded)
    {
        foreach (var flow in open)
        {
            await store.SetFlowAsync(flow.Id, FlowState.Reverting, CancellationToken.None);
        }

        if (current is not null && !isRecorded)
        {
            await store.SetTaskAsync(current.Row, TaskState.Failure, reason, CancellationToken.None);
        }
    }

    /// <summary>Where the disk is full the database is too, until reverting has made room; so a state on the way there may go unrecorded, the end may not.</summary>
    private async Task TryRecordAsync(Func<Task> record)
    {
        try
        {
            await record();
        }
        catch (DbException exception)
        {
            LogUnrecorded(logger, exception, book.Id, book.BackupId);
        }
    }

    private async Task<bool> TryRevertTaskAsync(BegunTask task)
    {
        using var bounded = new CancellationTokenSource(RevertTimeout, services.Time);
        try
        {
            task.Live.State = TaskState.Reverting;
            await TryRecordAsync(() => store.SetTaskAsync(task.Row, TaskState.Reverting, null, CancellationToken.None));
            await task.Task.RevertAsync(bounded.Token);
            await TryRecordAsync(() => store.SetTaskAsync(task.Row, TaskState.Reverted, null, CancellationToken.None));
            LogTaskReverted(logger, task.Row.Name, book.Id, book.BackupId);
            return true;
        }
        catch (Exception exception)
        {
            // The rest must be reverted all the same; that this one could not be is told by its state and reason.
            LogRevertFailed(logger, exception, task.Row.Name, book.Id, book.BackupId);
            await TryRecordAsync(() => store.SetTaskAsync(task.Row, TaskState.RevertFailure, FailureReasons.Describe(task.Row.Name, exception), CancellationToken.None));
            return false;
        }
    }

    /// <summary>False where the listener says that the success came too late: somebody has stopped the operation meanwhile.</summary>
    private async Task<bool> FinishAsync(FlowOutcome outcome, FlowState state)
    {
        await CleanUpAsync();

        // A flow that never began has nothing to undo and will not begin any more; one that a crash left while it was reverted is undone by now.
        var flows = outcome.Succeeded ? [book.Flows[^1]] : book.Flows.Where(flow => open.Contains(flow) || flow.State is FlowState.Reverting or FlowState.Pending);
        return await store.FinishAsync(book, flows, state, running.Progress, db => listener.FinishedAsync(db, book, outcome, CancellationToken.None));
    }

    private async Task CleanUpAsync()
    {
        using var bounded = new CancellationTokenSource(RevertTimeout, services.Time);
        try
        {
            await operation.CleanUpAsync(bounded.Token);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What was done stands or was undone; a scratch file that can't go is told, and no reason to do it again.
            LogNotCleanedUp(logger, exception, book.Id, book.BackupId);
        }
    }

    private RunningTask Live(FlowTask task, TaskRecord row)
        => new(task.Name, task.ExpectedBytes, services.Time) { State = row.State, BytesTotal = row.BytesTotal, BytesDone = row.BytesDone };

    private sealed record BegunTask(FlowTask Task, TaskRecord Row, RunningTask Live, FlowRecord Flow);

    /// <summary>An earlier run recorded the failure; what is left is to revert.</summary>
    private sealed class EarlierFailureException(string message) : Exception(message);

    [LoggerMessage(LogLevel.Information, "Task {Task} of log book {LogBook}, backup {BackupId}, started (attempt {Attempt})")]
    private static partial void LogTaskStarted(ILogger logger, string task, string logBook, int backupId, int attempt);

    [LoggerMessage(LogLevel.Information, "Task {Task} of log book {LogBook}, backup {BackupId}, finished ({Bytes} bytes)")]
    private static partial void LogTaskFinished(ILogger logger, string task, string logBook, int backupId, long bytes);

    [LoggerMessage(LogLevel.Warning, "Task {Task} of log book {LogBook}, backup {BackupId}, reverted")]
    private static partial void LogTaskReverted(ILogger logger, string task, string logBook, int backupId);

    [LoggerMessage(LogLevel.Error, "Task {Task} of log book {LogBook}, backup {BackupId}, failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, Exception? exception, string task, string logBook, int backupId, string reason);

    [LoggerMessage(LogLevel.Error, "Scratch files of log book {LogBook}, backup {BackupId}, could not be removed")]
    private static partial void LogNotCleanedUp(ILogger logger, Exception exception, string logBook, int backupId);

    [LoggerMessage(LogLevel.Warning, "The database could not take a state of log book {LogBook}, backup {BackupId}, while it was being reverted")]
    private static partial void LogUnrecorded(ILogger logger, Exception exception, string logBook, int backupId);

    [LoggerMessage(LogLevel.Error, "Task {Task} of log book {LogBook}, backup {BackupId}, could not be reverted")]
    private static partial void LogRevertFailed(ILogger logger, Exception exception, string task, string logBook, int backupId);
}
