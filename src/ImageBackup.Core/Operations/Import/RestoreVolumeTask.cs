using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Restores the member into its volume, checking every digest on the way, then reads the volume back and compares.</summary>
internal sealed class RestoreVolumeTask(ImportVolume volume, VolumeStore volumes, DataPathOptions dataPath) : FlowTask, IBackupPhase
{
    public override string Name => BackupNames.Restore(volume.CinderBackupId);

    /// <summary>The member is read once, the volume read back once.</summary>
    public override long ExpectedBytes => volume.Stored.Length + volume.Capacity;

    public BackupStatus StatusWhileRunning => BackupStatus.ExtractingOva;

    public BackupStatus? StatusWhereFailed => BackupStatus.Error;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var target = volumes.PathOf(volume.VolumeId);
        File.Delete(target);
        await volumes.MarkRestoringAsync(volume.VolumeId, cancellationToken);
        var expected = new RestoreExpectation
        {
            Name = volume.Member,
            Capacity = volume.Capacity,
            StoredSha256 = volume.StoredSha256,
            VolumeDigest = volume.VolumeDigest,
            BlockList = volume.BlockList,
        };
        var restored = await VolumeRestorer.RestoreAsync(volume.Stored, volume.IsGzip, expected, target, dataPath, context.ReportAsync, cancellationToken);
        await VolumeRestorer.ReadBackAsync(target, restored, expected, dataPath, (bytes, token) => context.ReportAsync(volume.Stored.Length + bytes, token), cancellationToken);
        return null;
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
    {
        // The row goes with the task that created it.
        File.Delete(volumes.PathOf(volume.VolumeId));
        return Task.CompletedTask;
    }
}
