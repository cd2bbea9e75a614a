using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Deletes the clone after it was packed. Reverting does nothing, because nothing needs the clone.</summary>
internal sealed class DeleteTempVolumeTask(ExportState state, ExportVolume volume, OperationVolumeStore volumes) : FlowTask
{
    public override string Name => BackupNames.DeleteVolume(volume.VolumeId, state.BackupId);

    public override bool MayRunAgain => true;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await volumes.RemoveAsync(volume.TempVolumeId, cancellationToken);
        return null;
    }
}
