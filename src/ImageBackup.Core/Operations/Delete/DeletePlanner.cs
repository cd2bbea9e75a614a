using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Delete;

/// <summary>Starts deletions: (1) stop the backup's operation, (2) start the deletion in the same transaction, (3) tell the running tasks to stop.</summary>
public sealed class DeletePlanner(OperationStarter starter, BackupStore backups, FlowStore flows, RunningFlows runningFlows, ProjectAccess access)
{
    /// <summary>Deletes an image backup. A transient one needs <paramref name="force"/>.</summary>
    public async Task<StartedOperation> StartAsync(Caller caller, int id, bool force, CancellationToken cancellationToken)
    {
        await using var start = await starter.BeginAsync(BackupActions.Delete, caller, key: null, cancellationToken);
        var backup = backups.Get(start.Database, caller, id);
        if (!access.MayUseNode(caller.ProjectId, backup.BackupHost))
        {
            throw BackupNodeStore.NotFound(backup.BackupHost);
        }

        if (backup.Status.IsTransient() && !force)
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {id} is {backup.Status.ToWire()}; it can be deleted with force=true only, or after its operation has ended.");
        }

        var reason = $"Deleted{(force ? " by force" : "")} from {backup.Status.ToWire()} by user {caller.UserId}.";
        var running = await flows.StopAsync(start.Database, id, reason, cancellationToken);
        await start.MoveAsync(backup, BackupStatus.Deleting, returnTo: null, cancellationToken);
        var started = await start.CommitAsync(backup, StateOf(backup), cancellationToken);
        runningFlows.Stop(running, reason);
        return started;
    }

    private static DeleteState StateOf(BackupRecord backup) => new()
    {
        BackupId = backup.Id,
        ProjectId = backup.ProjectId,
        BackupNodeId = backup.BackupHost,
        OvaName = backup.OwnsFile ? backup.OvaName : null,
        OvaSize = backup.OvaSize,
        Bucket = backup.OwnsObject ? backup.CosBucket : null,
        ObjectKey = backup.CosObject,
        Sha256 = backup.OvaSha256,
    };
}
