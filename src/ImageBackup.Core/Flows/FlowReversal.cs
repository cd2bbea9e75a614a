using System.Data.Common;
using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>The reversal of a failed run: (1) record the failure, (2) revert the failed task and those before it, newest first, (3) end the log book.</summary>
internal sealed partial class FlowReversal(FlowRunContext run)
{
    public async Task<FlowOutcome> RunAsync(Exception thrown)
    {
        var failed = run.Ledger.FailedTask;
        var exception = run.Ledger.Failure ?? thrown;
        var stopReason = run.Running.StopReason;
        var name = failed?.Row.Name ?? run.Book.Action;
        var reason = stopReason ?? (exception is EarlierFailureException ? exception.Message : FailureReasons.Describe(name, exception));
        var cause = stopReason is null ? FailureReasons.CauseOf(exception) : FailureReasons.Stopped;
        var isExpected = cause != FailureReasons.Unexpected;

        // A run that has lost its log book may fail because of that. It ends here.
        await TryRecordAsync(() => RecordFailureAsync(failed, reason, isRecorded: exception is EarlierFailureException));
        LogFailed(run.Logger, isExpected ? LogLevel.Warning : LogLevel.Error, isExpected ? null : exception, run.Book.Action, run.Book.BackupId, reason, run.Book.Id);
        run.Services.Metrics.Failed(run.Book, failed?.Task, cause);

        var reverted = true;
        foreach (var task in run.Ledger.NewestFirst)
        {
            reverted &= await TryRevertAsync(task);
        }

        var outcome = new FlowOutcome(false, failed?.Task, run.PhaseOfFailure, reason);
        await new FlowEnd(run).FinishAsync(outcome, reverted ? FlowState.Reverted : FlowState.Failure);
        return outcome;
    }

    private async Task RecordFailureAsync(BegunTask? failed, string reason, bool isRecorded)
    {
        foreach (var flow in run.Ledger.Flows)
        {
            await run.Journal.SetFlowAsync(flow.Id, FlowState.Reverting, CancellationToken.None);
        }

        if (failed is not null && !isRecorded)
        {
            await run.Journal.SetTaskAsync(failed.Row, TaskState.Failure, reason, CancellationToken.None);
        }
    }

    /// <summary>Records a state if the database accepts it. On a full disk it accepts none until the reversal has freed space; the end must be recorded.</summary>
    private async Task TryRecordAsync(Func<Task> record)
    {
        try
        {
            await record();
        }
        catch (DbException exception)
        {
            LogUnrecorded(run.Logger, exception, run.Book.Id, run.Book.BackupId);
        }
    }

    private async Task<bool> TryRevertAsync(BegunTask task)
    {
        try
        {
            task.Live.State = TaskState.Reverting;
            await TryRecordAsync(() => run.Journal.SetTaskAsync(task.Row, TaskState.Reverting, null, CancellationToken.None));
            await DatabaseWait.RunAsync(() => RevertAsync(task), run.Lost);
            await TryRecordAsync(() => run.Journal.SetTaskAsync(task.Row, TaskState.Reverted, null, CancellationToken.None));
            LogTaskReverted(run.Logger, task.Row.Name, run.Book.Id, run.Book.BackupId);
            return true;
        }
        catch (Exception exception) when (!run.IsLost)
        {
            // The other tasks must be reverted all the same. The task's state and failure report this exception.
            LogRevertFailed(run.Logger, exception, task.Row.Name, run.Book.Id, run.Book.BackupId);
            await TryRecordAsync(() => run.Journal.SetTaskAsync(task.Row, TaskState.RevertFailure, FailureReasons.Describe(task.Row.Name, exception), CancellationToken.None));
            return false;
        }
    }

    private async Task RevertAsync(BegunTask task)
    {
        using var bounded = new CancellationTokenSource(FlowEnd.RevertTimeout, run.Services.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(bounded.Token, run.Lost);
        await task.Task.RevertAsync(ending.Token);
    }

    [LoggerMessage(LogLevel.Debug, "Task {Task} of task_id {TaskId}, image backup {BackupId}, reverted")]
    private static partial void LogTaskReverted(ILogger logger, string task, string taskId, int backupId);

    [LoggerMessage("The {Action} of image backup {BackupId} failed: {Reason} task_id {TaskId}")]
    private static partial void LogFailed(ILogger logger, LogLevel level, Exception? exception, string action, int backupId, string reason, string taskId);

    [LoggerMessage(LogLevel.Warning, "The database did not accept a state of task_id {TaskId}, image backup {BackupId}, during its reversal")]
    private static partial void LogUnrecorded(ILogger logger, Exception exception, string taskId, int backupId);

    [LoggerMessage(LogLevel.Error, "Task {Task} of task_id {TaskId}, image backup {BackupId}, could not be reverted")]
    private static partial void LogRevertFailed(ILogger logger, Exception exception, string task, string taskId, int backupId);
}
