using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Creates the volume to restore into. Result: its id.</summary>
internal sealed class CreateVolumeTask(ImportState state, ImportVolume volume, OperationVolumeStore volumes) : FlowTask
{
    public override string Name => volume.RestoredName;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await volumes.RemoveAsync(volume.VolumeId, cancellationToken);
        await volumes.CreateForRestoreAsync(volume.VolumeId, volume.RestoredName, volume.Capacity, state.VolumeTypeId, state.ProjectId, state.UserId, state.LogBookId, Metadata(), cancellationToken);
        return volume.VolumeId;
    }

    /// <summary>Returns the metadata that PowerVC gives the volumes of imported images.</summary>
    private Dictionary<string, string> Metadata()
    {
        var metadata = new Dictionary<string, string> { ["is_image_volume"] = "True", ["image_id"] = state.ImageId };
        if (volume.BootIndex >= 0)
        {
            metadata["is_boot_volume"] = "True";
        }

        return metadata;
    }

    public override Task RevertAsync(CancellationToken cancellationToken) => volumes.RemoveAsync(volume.VolumeId, cancellationToken);
}
