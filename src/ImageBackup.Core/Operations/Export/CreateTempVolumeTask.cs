using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Clones a source volume, so that later writes do not change the backup. Result: the clone's id.</summary>
internal sealed class CreateTempVolumeTask(ExportState state, ExportVolume volume, OperationVolumeStore volumes) : FlowTask
{
    public override string Name => BackupNames.TempVolume(volume.VolumeId, state.BackupId);

    public override bool MayRunAgain => true;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await volumes.CreateCloneAsync(volume.TempVolumeId, volume.VolumeId, Name, state.LogBookId, cancellationToken);
        return volume.TempVolumeId;
    }

    public override Task RevertAsync(CancellationToken cancellationToken) => volumes.RemoveAsync(volume.TempVolumeId, cancellationToken);
}
