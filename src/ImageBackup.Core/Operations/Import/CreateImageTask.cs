using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Creates the image over the restored volumes; nobody can use it before the next task. Result: its id.</summary>
internal sealed class CreateImageTask(ImportState state, ImageStore images) : FlowTask, IBackupPhase
{
    public override string Name => BackupNames.CreateImage(state.Name);

    public BackupStatus StatusWhileRunning => BackupStatus.ExtractingOva;

    public BackupStatus? StatusWhereFailed => BackupStatus.Error;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await images.RemoveAsync(state.ImageId, cancellationToken);
        await images.CreateFromVolumesAsync(state.ImageId, state.Name, state.ProjectId, BlockDevice.Map(state.Volumes), cancellationToken);
        return state.ImageId;
    }

    public override Task RevertAsync(CancellationToken cancellationToken) => images.RemoveAsync(state.ImageId, cancellationToken);
}
