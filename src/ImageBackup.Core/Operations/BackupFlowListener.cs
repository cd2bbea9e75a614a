using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>Keeps a backup's status in step with its flow, in the flow's own transactions: neither ever tells another truth than the other.</summary>
internal sealed class BackupFlowListener(BackupStore backups) : IFlowListener
{
    private static readonly IReadOnlyList<BackupStatus> Working = [.. Enum.GetValues<BackupStatus>().Where(status => status.IsTransient())];

    public async Task TaskStartingAsync(ImageBackupDbContext db, LogBookRecord book, FlowTask task, CancellationToken cancellationToken)
    {
        if (task is not IBackupPhase { StatusWhileRunning: var wanted })
        {
            return;
        }

        var present = await PresentAsync(db, book, cancellationToken);
        if (present is null)
        {
            throw new OperationCanceledException($"Image backup {book.BackupId} does not belong to log book {book.Id} any more.");
        }

        var change = new StatusChange { OnlyOfTask = book.Id, ReturnStatus = present.ReturnStatus };
        if (present.Status != wanted && !await backups.TryMoveAsync(db, book.BackupId, Working, wanted, change, cancellationToken))
        {
            throw new OperationCanceledException($"Image backup {book.BackupId} is {present.Status.ToWire()} and can't become {wanted.ToWire()}.");
        }
    }

    public async Task<bool> FinishedAsync(ImageBackupDbContext db, LogBookRecord book, FlowOutcome outcome, CancellationToken cancellationToken)
    {
        var present = await PresentAsync(db, book, cancellationToken);
        if (present is null || !present.Status.IsTransient())
        {
            // Reset or deleted meanwhile: a success comes too late, a failure changes nothing.
            return !outcome.Succeeded;
        }

        if (outcome.Succeeded && book.Action == FlowQueue.Delete)
        {
            return await db.Backups.Where(backup => backup.Id == book.BackupId && backup.Status == BackupStatus.Deleting).ExecuteDeleteAsync(cancellationToken) == 1;
        }

        var to = outcome.Succeeded ? SettledAfter(present) : WhereFailed(outcome, present);
        var change = new StatusChange { OnlyOfTask = book.Id, FailReason = outcome.Reason };
        return await backups.TryMoveAsync(db, book.BackupId, [present.Status], to, change, cancellationToken) || !outcome.Succeeded;
    }

    private static Task<BackupRecord?> PresentAsync(ImageBackupDbContext db, LogBookRecord book, CancellationToken cancellationToken)
        => db.Backups.AsNoTracking().FirstOrDefaultAsync(backup => backup.Id == book.BackupId && backup.TaskId == book.Id, cancellationToken);

    private static BackupStatus SettledAfter(BackupRecord backup) => backup.Status switch
    {
        BackupStatus.CreatingBackup => BackupStatus.Available,
        BackupStatus.Uploading or BackupStatus.Downloading => BackupStatus.Uploaded,
        _ => backup.ReturnStatus ?? BackupStatus.Available,
    };

    private static BackupStatus WhereFailed(FlowOutcome outcome, BackupRecord backup)
        => outcome.FailedTask is IBackupPhase phase
            ? phase.StatusWhereFailed ?? backup.ReturnStatus ?? BackupStatus.Error
            : BackupStatus.Error;
}
