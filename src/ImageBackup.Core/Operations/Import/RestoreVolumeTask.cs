using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Ova;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Restores the member into its volume, checks every digest, and compares what the disk returns.</summary>
internal sealed class RestoreVolumeTask(ImportVolume volume, OperationVolumeStore volumes, DataPathOptions dataPath) : FlowTask
{
    public override string Name => BackupNames.Restore(volume.CinderBackupId);

    /// <summary>The member is read, and the volume is read back.</summary>
    public override long ExpectedBytes => volume.Stored.Length + volume.Capacity;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var target = volumes.PathOf(volume.VolumeId);
        File.Delete(target);
        await volumes.MarkRestoringAsync(volume.VolumeId, cancellationToken);
        var expected = new RestoreExpectation
        {
            Name = volume.Member,
            Capacity = volume.Capacity,
            Stored = volume.StoredDigest ?? OvaDigest.Sha256(volume.StoredSha256),
            VolumeDigest = volume.VolumeDigest,
            Format = volume.Format,
            BlockList = volume.BlockList,
        };
        await VolumeRestorer.RestoreAsync(volume.Stored, volume.Encoding, expected, target, dataPath, context.ReportAsync, cancellationToken);
        return null;
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
    {
        // The task that created the row removes it.
        File.Delete(volumes.PathOf(volume.VolumeId));
        return Task.CompletedTask;
    }
}
