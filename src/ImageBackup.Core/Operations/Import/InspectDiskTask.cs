using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Looks at a disk that was downloaded, and checks that there is space for its volume.</summary>
internal sealed class InspectDiskTask(ImportState state, ImportPaths paths, DataPaths dataPaths, BackupStore backups) : FlowTask
{
    public override string Name => BackupNames.InspectDisk(state.OvaName);

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var disk = RawFile.Inspect(new FileInfo(paths.Ova), state.ForceRaw, cancellationToken);
        DiskSpace.Require(dataPaths.Volumes, disk.DataBytes, "the restored volume");
        state.Volumes.Clear();
        state.Volumes.Add(disk.ToVolume(state.OvaName, state.StartedAt, state.BackupId));
        await backups.SetFactsAsync(state.BackupId, backup => backup.Size = Gibibytes.RoundUp(disk.Capacity), cancellationToken);
        return null;
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
    {
        state.Volumes.Clear();
        return Task.CompletedTask;
    }
}
