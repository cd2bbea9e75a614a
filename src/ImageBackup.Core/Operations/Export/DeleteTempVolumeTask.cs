using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Deletes the clone once its backup lies in the container. There is nothing to revert: a clone is never wanted back.</summary>
internal sealed class DeleteTempVolumeTask(ExportState state, ExportVolume volume, VolumeStore volumes) : FlowTask, IBackupPhase
{
    public override string Name => BackupNames.DeleteVolume(volume.VolumeId, state.BackupId);

    public BackupStatus StatusWhileRunning => BackupStatus.CreatingBackup;

    public BackupStatus? StatusWhereFailed => BackupStatus.Error;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await volumes.RemoveAsync(volume.TempVolumeId, cancellationToken);
        return null;
    }
}
