using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>Told by the engine, inside its own transactions, what happens to a log book; the engine itself knows nothing of backups.</summary>
public interface IFlowListener
{
    /// <summary>A task is about to run; called in the transaction that marks it RUNNING.</summary>
    Task TaskStartingAsync(ImageBackupDbContext db, LogBookRecord book, FlowTask task, CancellationToken cancellationToken);

    /// <summary>The log book has ended; called in the transaction that says so. False refuses a success that came too late: the log book is then reverted.</summary>
    Task<bool> FinishedAsync(ImageBackupDbContext db, LogBookRecord book, FlowOutcome outcome, CancellationToken cancellationToken);
}
