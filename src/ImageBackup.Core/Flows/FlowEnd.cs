using ImageBackup.Core.Persistence;
using ImageBackup.Core.Scratch;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>The end of a run: (1) the operation's clean-up, (2) the log book, its flows and the image backup in one transaction.</summary>
internal sealed partial class FlowEnd(FlowRunContext run)
{
    /// <summary>The longest that one task may revert, or the operation may clean up.</summary>
    public static readonly TimeSpan RevertTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Returns false if the listener refuses the success because the operation was stopped in the meantime.</summary>
    public async Task<bool> FinishAsync(FlowOutcome outcome, FlowState state)
    {
        await CleanUpAsync();

        // A flow that never began has nothing to revert. A flow that an earlier run was reverting is reverted now.
        var flows = outcome.Succeeded
            ? [run.Book.Flows[^1]]
            : run.Book.Flows.Where(flow => run.Ledger.Flows.Contains(flow) || flow.State is FlowState.Reverting or FlowState.Pending);
        return await run.Journal.FinishAsync(run.Book, flows, state, run.Running.Progress, outcome, run.Services.Listener);
    }

    private async Task CleanUpAsync()
    {
        using var bounded = new CancellationTokenSource(RevertTimeout, run.Services.Time);
        try
        {
            await DatabaseWait.RunAsync(() => run.Operation.CleanUpAsync(bounded.Token), run.Lost);
            RunDirectory.RemoveAll();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A scratch file that stays is no reason to repeat or to revert the work.
            LogNotCleanedUp(run.Logger, exception, run.Book.Id, run.Book.BackupId);
        }
    }

    [LoggerMessage(LogLevel.Error, "Scratch files of task_id {TaskId}, image backup {BackupId}, could not be removed")]
    private static partial void LogNotCleanedUp(ILogger logger, Exception exception, string taskId, int backupId);
}
