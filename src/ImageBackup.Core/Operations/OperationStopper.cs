using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Delete;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>Stops operations: the database says so first, then the running work is told.</summary>
public sealed class OperationStopper(BackupStore backups, FlowStore flows, FlowQueue queue, RunningFlows runningFlows, OperationFactory operations, IDbContextFactory<ImageBackupDbContext> contexts)
{
    /// <inheritdoc cref="ImageBackupService.ResetAsync"/>
    public async Task ResetAsync(Caller caller, int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var backup = await FindAsync(db, caller, id, cancellationToken);
        var reason = $"Reset from {backup.Status.ToWire()} to error by user {caller.UserId}.";
        if (!backup.Status.IsTransient())
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {id} is {backup.Status.ToWire()}; only one that is creating_backup, uploading, downloading, extracting_ova or deleting can be reset.");
        }

        await backups.TryMoveAsync(db, id, [backup.Status], BackupStatus.Error, new StatusChange { FailReason = reason }, cancellationToken);
        var running = await flows.StopAsync(db, id, reason, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Stop(running, reason);
    }

    /// <inheritdoc cref="ImageBackupService.DeleteAsync"/>
    public async Task DeleteAsync(Caller caller, int id, bool force, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var backup = await FindAsync(db, caller, id, cancellationToken);
        if (backup.Status.IsTransient() && !force)
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {id} is {backup.Status.ToWire()}; it can be deleted with force=true only, or when it has settled.");
        }

        var reason = $"Deleted by force from {backup.Status.ToWire()} by user {caller.UserId}.";
        var running = await flows.StopAsync(db, id, reason, cancellationToken);
        var taskId = OperationStarter.NewTaskId();
        await backups.TryMoveAsync(db, id, [backup.Status], BackupStatus.Deleting, new StatusChange { NewTask = taskId }, cancellationToken);
        flows.Enqueue(db, taskId, FlowQueue.Delete, id, caller.ProjectId, operations.Create(DeletionOf(backup)));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Ring(FlowQueue.Delete);
        Stop(running, reason);
    }

    private static async Task<BackupRecord> FindAsync(ImageBackupDbContext db, Caller caller, int id, CancellationToken cancellationToken)
        => await db.Backups.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.ProjectId == caller.ProjectId, cancellationToken) ?? throw BackupStore.NotFound($"{id}");

    private static DeleteState DeletionOf(BackupRecord backup) => new()
    {
        BackupId = backup.Id,
        ProjectId = backup.ProjectId,
        BackupNodeId = backup.BackupHost,

        // A raw disk is somebody's file that was read, no archive of ours.
        OvaName = backup.OvaName is { } name && BackupNames.IsArchive(name) ? name : null,
        Bucket = backup.OwnsObject ? backup.CosBucket : null,
        ObjectKey = backup.CosObject,
        Sha256 = backup.OvaSha256,
    };

    private void Stop(IReadOnlyList<string> logBooks, string reason)
    {
        foreach (var logBook in logBooks)
        {
            runningFlows.Stop(logBook, reason);
        }
    }
}
