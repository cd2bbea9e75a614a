using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Export;
using ImageBackup.Core.Operations.Import;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations;

/// <summary>The door of the API: checks what is asked for, starts it, stops it, tells how far it is. What it starts, <see cref="FlowWorker"/> does.</summary>
public sealed class ImageBackupService(
    ExportPlanner exportPlanner,
    ImportPlanner importPlanner,
    TransferPlanner transferPlanner,
    ArchivePlaces places,
    OperationFactory operations,
    OperationStarter starter,
    OperationStopper stopper,
    BackupStore backups,
    FlowProgress progress)
{
    /// <summary>Starts an export; record and flow come into being together.</summary>
    public async Task<StartedOperation> StartExportAsync(Caller caller, ExportCommand command, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (await starter.FindFirstAsync(caller, key, BackupActions.Export, cancellationToken) is { } first)
        {
            return first;
        }

        var plan = await exportPlanner.PlanAsync(caller, command, cancellationToken);
        return await starter.AddAsync(BackupActions.Export, plan.ToRecord(), key, Complete, cancellationToken);

        async Task<FlowOperation> Complete(BackupRecord backup, string taskId)
        {
            backup.OvaName = await places.FreeNameAsync(backup.BackupHost, BackupNames.Ova(backup.Name, backup.Id), backup.Id, cancellationToken);
            return operations.Create(plan.ToState(backup, taskId));
        }
    }

    /// <summary>Starts an import, of a known backup under its id, of anything else under a new one.</summary>
    public async Task<StartedOperation> StartImportAsync(Caller caller, ImportCommand command, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (await starter.FindFirstAsync(caller, key, BackupActions.Import, cancellationToken) is { } first)
        {
            return first;
        }

        try
        {
            return await PlanAndStartAsync(caller, command, key, cancellationToken);
        }
        catch (InvalidRequestException) when (key is not null)
        {
            // The same request may have moved the backup on between the look at the key and the look at the backup.
            if (await starter.FindFirstAsync(caller, key, BackupActions.Import, cancellationToken) is { } meanwhile)
            {
                return meanwhile;
            }

            throw;
        }
    }

    private async Task<StartedOperation> PlanAndStartAsync(Caller caller, ImportCommand command, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var plan = await importPlanner.PlanAsync(caller, command, cancellationToken);
        if (plan.Existing is not { } backup)
        {
            return await starter.AddAsync(BackupActions.Import, plan.ToRecord(), key, Complete, cancellationToken);
        }

        // Once fetched, what could not be fetched before is as good as uploaded.
        var back = backup.Status == BackupStatus.DownloadFailed ? BackupStatus.Uploaded : backup.Status;
        return await starter.BeginAsync(BackupActions.Import, backup, plan.FirstStatus, back, key, taskId => operations.Create(plan.ToState(backup, taskId)), cancellationToken);

        async Task<FlowOperation> Complete(BackupRecord record, string taskId)
        {
            record.OvaName = plan.Source is null ? plan.OvaName : await places.FreeNameAsync(plan.BackupNodeId, plan.OvaName, record.Id, cancellationToken);
            return operations.Create(plan.ToState(record, taskId));
        }
    }

    /// <summary>Uploads the archive of a backup, again or to another bucket.</summary>
    public async Task<StartedOperation> StartUploadAsync(Caller caller, int id, string? bucket, CancellationToken cancellationToken)
    {
        var backup = await backups.GetAsync(caller, id, cancellationToken);
        var state = await transferPlanner.PlanUploadAsync(caller, backup, bucket, cancellationToken);
        return await starter.BeginAsync(BackupActions.Upload, backup, BackupStatus.Uploading, null, null, _ => operations.Create(state), cancellationToken);
    }

    /// <summary>Fetches the archive of a backup from its bucket to a node.</summary>
    public async Task<StartedOperation> StartDownloadAsync(Caller caller, int id, string? backupHost, CancellationToken cancellationToken)
    {
        var backup = await backups.GetAsync(caller, id, cancellationToken);
        var state = await transferPlanner.PlanDownloadAsync(caller, backup, backupHost, cancellationToken);
        return await starter.BeginAsync(BackupActions.Download, backup, BackupStatus.Downloading, null, null, _ => operations.Create(state), cancellationToken);
    }

    /// <summary>Re-hashes the archive of a backup where it lies.</summary>
    public async Task<StartedOperation> StartVerifyAsync(Caller caller, int id, CancellationToken cancellationToken)
    {
        var backup = await backups.GetAsync(caller, id, cancellationToken);
        var state = await transferPlanner.PlanVerifyAsync(caller, backup, cancellationToken);
        return await starter.BeginAsync(BackupActions.Verify, backup, BackupStatus.ExtractingOva, backup.Status, null, _ => operations.Create(state), cancellationToken);
    }

    /// <summary>Resets a transient backup to <c>error</c>; its work stops and is reverted.</summary>
    public Task ResetAsync(Caller caller, int id, CancellationToken cancellationToken) => stopper.ResetAsync(caller, id, cancellationToken);

    /// <summary>Starts the deletion of a settled backup; of a transient one only by force, which stops its work first.</summary>
    public Task DeleteAsync(Caller caller, int id, bool force, CancellationToken cancellationToken) => stopper.DeleteAsync(caller, id, force, cancellationToken);

    /// <summary>The progress of one of the caller's operations.</summary>
    /// <exception cref="NotFoundException">Unknown, not this backup's, or another project's.</exception>
    public async Task<ProgressDocument> GetProgressAsync(Caller caller, string taskId, int backupId, CancellationToken cancellationToken)
    {
        var document = await progress.FindAsync(taskId, cancellationToken);
        return document is not null && document.BackupId == backupId && document.ProjectId == caller.ProjectId
            ? document
            : throw new NotFoundException($"Task {taskId} of image backup {backupId} could not be found.");
    }
}
