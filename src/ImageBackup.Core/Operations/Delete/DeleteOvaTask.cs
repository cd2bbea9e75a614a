using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Delete;

/// <summary>Deletes the archive from its node, unless another backup's record names the same file.</summary>
internal sealed class DeleteOvaTask(DeleteState state, DataPaths paths, BackupStore backups) : FlowTask, IBackupPhase
{
    public override string Name => BackupNames.DeleteOva(state.BackupId);

    public BackupStatus StatusWhileRunning => BackupStatus.Deleting;

    public BackupStatus? StatusWhereFailed => BackupStatus.Error;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        if (!await backups.IsFileSharedAsync(state.BackupNodeId, state.OvaName!, state.BackupId, cancellationToken))
        {
            File.Delete(Path.Combine(paths.BackupNode(state.BackupNodeId), state.OvaName!));
        }

        return null;
    }
}
