using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Scratch;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Delete;

/// <summary>Deletes the archive from its node, unless another image backup has the same file, or somebody has put a file of another size in its place.</summary>
internal sealed class DeleteOvaTask(DeleteState state, DataPaths paths, BackupStore backups) : FlowTask
{
    public override string Name => BackupNames.DeleteOva(state.BackupId);

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        if (!await backups.IsFileSharedAsync(state.BackupNodeId, state.OvaName!, state.BackupId, cancellationToken))
        {
            await DeleteOwnAsync(new FileInfo(Path.Combine(paths.BackupNode(state.BackupNodeId), state.OvaName!)), cancellationToken);
        }

        return null;
    }

    private async Task DeleteOwnAsync(FileInfo file, CancellationToken cancellationToken)
    {
        if (file.Exists && (state.OvaSize is null || file.Length == state.OvaSize))
        {
            await RunDirectory.DiscardAsync(file.DirectoryName!, file.FullName, cancellationToken);
        }
    }
}
