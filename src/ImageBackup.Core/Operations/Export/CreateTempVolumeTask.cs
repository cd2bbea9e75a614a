using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Clones a source volume, so that the backup sees one moment of it. Result: the clone's id.</summary>
internal sealed class CreateTempVolumeTask(ExportState state, ExportVolume volume, VolumeStore volumes) : FlowTask, IBackupPhase
{
    public override string Name => BackupNames.TempVolume(volume.VolumeId, state.BackupId);

    public BackupStatus StatusWhileRunning => BackupStatus.CreatingBackup;

    public BackupStatus? StatusWhereFailed => BackupStatus.Error;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var source = await volumes.FindAsync(volume.VolumeId, cancellationToken)
            ?? throw new NotFoundException($"Volume {volume.VolumeId} was deleted before it could be cloned.");
        await volumes.CreateCloneAsync(volume.TempVolumeId, source, Name, state.LogBookId, cancellationToken);
        return volume.TempVolumeId;
    }

    public override Task RevertAsync(CancellationToken cancellationToken) => volumes.RemoveAsync(volume.TempVolumeId, cancellationToken);
}
