using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Creates the image of the restored volumes. It is not active until the next task. Result: its id.</summary>
internal sealed class CreateImageTask(ImportState state, ImportedImageStore images) : FlowTask
{
    public override string Name => BackupNames.CreateImage(state.Name);

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await images.RemoveAsync(state.ImageId, cancellationToken);
        await images.CreateAsync(state.ImageId, state.Name, state.ProjectId, Mapping(), cancellationToken);
        return state.ImageId;
    }

    private string Mapping() => ImageVolumes.Write(state.Volumes.Select(volume => (volume.VolumeId, volume.BootIndex, Gibibytes.RoundUp(volume.Capacity))));

    public override Task RevertAsync(CancellationToken cancellationToken) => images.RemoveAsync(state.ImageId, cancellationToken);
}
