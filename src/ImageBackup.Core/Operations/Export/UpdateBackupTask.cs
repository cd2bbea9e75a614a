using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Records the archive in the image backup's row.</summary>
internal sealed class UpdateBackupTask(ExportState state, ExportArchive archive, BackupStore backups) : FlowTask
{
    public override string Name => BackupNames.UpdateTask;

    // The end of the log book follows.
    public override bool MayRunAgain => true;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await backups.SetFactsAsync(state.BackupId, Record, cancellationToken);
        archive.RemoveContainers();
        return null;
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
        => backups.SetFactsAsync(state.BackupId, Forget, cancellationToken);

    private void Record(BackupRecord backup)
    {
        backup.OvaName = state.OvaName;
        backup.OvaSize = state.Ova!.Size;
        backup.ManifestSha256 = state.Ova.ManifestSha256;
        backup.WriteVolumes(state.Volumes.Select(Describe));
    }

    private static void Forget(BackupRecord backup)
    {
        backup.OvaSize = null;
        backup.OvaSha256 = null;
        backup.VerifiedAt = null;
        backup.ManifestSha256 = null;
        backup.WriteVolumes(null);
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
