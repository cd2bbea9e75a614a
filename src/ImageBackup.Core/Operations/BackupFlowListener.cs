using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>Updates the image backup's status in the flow's own transaction, so the two cannot disagree.</summary>
internal sealed class BackupFlowListener(BackupStore backups) : IFlowListener
{
    private static readonly IReadOnlyList<BackupStatus> Transient = [.. Enum.GetValues<BackupStatus>().Where(status => status.IsTransient())];

    public async Task TaskStartingAsync(ImageBackupDbContext db, LogBookRecord book, FlowPhase phase, CancellationToken cancellationToken)
    {
        var present = await FindAsync(db, book, cancellationToken)
            ?? throw new OperationCanceledException($"Image backup {book.BackupId} no longer belongs to log book {book.Id}.");
        var change = new StatusChange { OnlyOfTask = book.Id, ReturnStatus = present.ReturnStatus };
        if (present.Status != phase.WhileRunning && !await backups.TryMoveAsync(db, book.BackupId, Transient, phase.WhileRunning, change, cancellationToken))
        {
            throw new OperationCanceledException($"Image backup {book.BackupId} is {present.Status.ToWire()} and cannot become {phase.WhileRunning.ToWire()}.");
        }
    }

    public async Task<bool> FinishedAsync(ImageBackupDbContext db, LogBookRecord book, FlowOutcome outcome, CancellationToken cancellationToken)
    {
        var present = await FindAsync(db, book, cancellationToken);
        if (present is null || !present.Status.IsTransient())
        {
            // A reset or a deletion came first. It refuses a success; a failure changes nothing.
            return !outcome.Succeeded;
        }

        if (outcome.Succeeded && present.Status == BackupStatus.Deleting)
        {
            return await db.Backups.Where(backup => backup.Id == book.BackupId && backup.Status == BackupStatus.Deleting).ExecuteDeleteAsync(cancellationToken) == 1;
        }

        var status = present.Status;
        if (!outcome.Succeeded && outcome.Phase is { } phase && phase.WhileRunning != status)
        {
            // The database did not accept the beginning of the task that failed, for example on a full disk.
            await backups.TryMoveAsync(db, book.BackupId, [status], phase.WhileRunning, new StatusChange { OnlyOfTask = book.Id, ReturnStatus = present.ReturnStatus }, cancellationToken);
            status = phase.WhileRunning;
        }

        var to = outcome.Succeeded ? AfterSuccess(present) : AfterFailure(outcome, present);
        var change = new StatusChange { OnlyOfTask = book.Id, FailReason = outcome.Reason };
        return await backups.TryMoveAsync(db, book.BackupId, [status], to, change, cancellationToken) || !outcome.Succeeded;
    }

    private static Task<BackupRecord?> FindAsync(ImageBackupDbContext db, LogBookRecord book, CancellationToken cancellationToken)
        => db.Backups.AsNoTracking().FirstOrDefaultAsync(backup => backup.Id == book.BackupId && backup.TaskId == book.Id, cancellationToken);

    private static BackupStatus AfterSuccess(BackupRecord backup) => backup.Status switch
    {
        BackupStatus.CreatingBackup => BackupStatus.Available,
        BackupStatus.Uploading or BackupStatus.Downloading => BackupStatus.Uploaded,
        _ => backup.ReturnStatus ?? BackupStatus.Available,
    };

    private static BackupStatus AfterFailure(FlowOutcome outcome, BackupRecord backup)
        => outcome.Phase is { } phase ? phase.AfterFailure ?? backup.ReturnStatus ?? BackupStatus.Error : BackupStatus.Error;
}
