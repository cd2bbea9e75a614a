using System.Data.Common;
using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>The way back, and the end of either way.</summary>
internal sealed partial class FlowRun
{
    /// <summary>Undoes what stands of the log book, newest first, the failed task too.</summary>
    private async Task<FlowOutcome> RevertAsync(Exception thrown)
    {
        current = firstFailure?.Task ?? current;
        var exception = firstFailure?.Exception ?? thrown;
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
