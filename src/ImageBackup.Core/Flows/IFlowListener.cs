using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>Updates what an operation works on. The engine calls it inside its own transactions and knows nothing of image backups.</summary>
public interface IFlowListener
{
    /// <summary>A task starts. Runs in the transaction that marks it RUNNING.</summary>
    Task TaskStartingAsync(ImageBackupDbContext db, LogBookRecord book, FlowPhase phase, CancellationToken cancellationToken);

    /// <summary>The log book ends. Runs in the transaction that marks it finished. False refuses a success that comes too late; the engine then reverts the flows.</summary>
    Task<bool> FinishedAsync(ImageBackupDbContext db, LogBookRecord book, FlowOutcome outcome, CancellationToken cancellationToken);
}
