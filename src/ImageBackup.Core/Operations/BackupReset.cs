using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>Resets a transient image backup to <c>error</c>. Its operation stops and reverts its flows.</summary>
public sealed class BackupReset(BackupStore backups, FlowStore flows, RunningFlows runningFlows, IDbContextFactory<ImageBackupDbContext> contexts)
{
    public async Task ResetAsync(Caller caller, int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var backup = backups.Get(db, caller, id);
        if (!backup.Status.IsTransient())
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {id} is {backup.Status.ToWire()}; only one that is creating_backup, uploading, downloading, extracting_ova or deleting can be reset.");
        }

        var reason = $"Reset from {backup.Status.ToWire()} to error by user {caller.UserId}.";

        // The log books first, as every transaction of the engine, so that none waits for the other.
        var running = await flows.StopAsync(db, id, reason, cancellationToken);
        if (!await backups.TryMoveAsync(db, id, [backup.Status], BackupStatus.Error, new StatusChange { FailReason = reason }, cancellationToken))
        {
            throw BackupStatusRules.Changed(backup, "reset_status");
        }

        await transaction.CommitAsync(cancellationToken);
        runningFlows.Stop(running, reason);
    }
}
