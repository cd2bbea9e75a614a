using System.Text.Json;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Records what the archive holds in the backup's row and removes the containers that it was made of.</summary>
internal sealed class UpdateBackupTask(ExportState state, ExportPaths paths, BackupStore backups) : FlowTask, IBackupPhase
{
    public override string Name => BackupNames.UpdateTask;

    public BackupStatus StatusWhileRunning => BackupStatus.CreatingBackup;

    public BackupStatus? StatusWhereFailed => BackupStatus.Error;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await backups.SetFactsAsync(state.BackupId, Record, cancellationToken);
        if (Directory.Exists(paths.Image))
        {
            Directory.Delete(paths.Image, recursive: true);
        }

        return null;
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
        => backups.SetFactsAsync(state.BackupId, Forget, cancellationToken);

    private void Record(BackupRecord backup)
    {
        backup.OvaName = paths.OvaName;
        backup.OvaSize = state.Ova!.Size;
        backup.OvaSha256 = state.Ova.Sha256;
        backup.Volumes = JsonSerializer.Serialize(state.Volumes.Select(Describe), FlowJson.Options);
    }

    private static void Forget(BackupRecord backup)
    {
        backup.OvaSize = null;
        backup.OvaSha256 = null;
        backup.Volumes = null;
    }

    private static BackupVolume Describe(ExportVolume volume) => new()
    {
        Name = volume.Member,
        VolumeId = volume.VolumeId,
        BootIndex = volume.BootIndex,
        Capacity = volume.SizeBytes,
        DataBytes = volume.DataBytes,
        StoredSize = volume.Packed!.StoredSize,
        StoredSha256 = volume.Packed.StoredSha256,
        VolumeDigest = volume.Packed.VolumeDigest,
    };
}
