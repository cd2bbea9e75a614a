using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>Runs one task: (1) mark it RUNNING, (2) execute it, (3) record its result.</summary>
internal sealed partial class TaskRun(FlowRunContext run)
{
    /// <summary>Limits the attempts of a task that ends the process each time.</summary>
    private const int MostAttempts = 25;

    public async Task RunAsync(BegunTask task, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        run.Ledger.Begin(task);
        try
        {
            // A task that the database did not answer begins again, as after a crash.
            await DatabaseWait.RunAsync(() => RunOnceAsync(task, stopping), run.HostStopping);
        }
        catch (Exception exception)
        {
            run.Ledger.Fail(task, exception);
            throw;
        }
    }

    private async Task RunOnceAsync(BegunTask task, CancellationToken stopping)
    {
        await run.Journal.BeginTaskAsync(run.Book, task.Row, run.PhaseOf(task), run.Services.Listener, run.HostStopping);
        task.Live.State = TaskState.Running;
        LogTaskStarted(run.Logger, task.Row.Name, run.Book.Id, run.Book.BackupId, task.Row.Attempt);
        if (task.Row.Attempt > MostAttempts)
        {
            throw new UnavailableException($"The task was started {MostAttempts} times and never ended.");
        }

        var start = run.Services.Time.GetTimestamp();
        var result = await ExecuteAsync(task, stopping);
        task.Live.State = TaskState.Success;
        await run.Journal.EndTaskAsync(run.Book, task.Row, task.Live, result, run.Operation.SaveState(), run.Running.Progress, task.Task.MayRunAgain, stopping);
        run.Services.Metrics.TaskSucceeded(task.Task, run.Services.Time.GetElapsedTime(start));
        LogTaskFinished(run.Logger, task.Row.Name, run.Book.Id, run.Book.BackupId, task.Live.BytesTotal);
    }

    private async Task<object?> ExecuteAsync(BegunTask task, CancellationToken stopping)
    {
        using var activity = FlowMetrics.TaskStarted(task.Task);
        var faults = run.Services.Faults;
        await faults.PassAsync(task.Row.Name, 0, 0, stopping);
        var result = await task.Task.ExecuteAsync(new TaskContext(run, task), stopping);
        await faults.PassAsync(task.Row.Name, 1, task.Live.BytesTotal, stopping);
        return result;
    }

    [LoggerMessage(LogLevel.Debug, "Task {Task} of task_id {TaskId}, image backup {BackupId}, started, attempt {Attempt}")]
    private static partial void LogTaskStarted(ILogger logger, string task, string taskId, int backupId, int attempt);

    [LoggerMessage(LogLevel.Debug, "Task {Task} of task_id {TaskId}, image backup {BackupId}, succeeded; {Bytes} bytes")]
    private static partial void LogTaskFinished(ILogger logger, string task, string taskId, int backupId, long bytes);
}
