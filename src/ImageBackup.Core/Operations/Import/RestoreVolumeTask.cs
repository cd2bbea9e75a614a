using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Ova;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Restores the member into its volume, checks every digest, and compares what the disk returns. Reverting leaves the volume to the task that created it.</summary>
internal sealed class RestoreVolumeTask(ImportVolume volume, ImportPaths paths, OperationVolumeStore volumes, DataPathOptions dataPath) : FlowTask
{
    public override string Name => BackupNames.Restore(volume.CinderBackupId);

    /// <summary>The member is read, and the volume is read back.</summary>
    public override long ExpectedBytes => volume.Stored.Length + volume.Capacity;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var target = await volumes.NewFileAsync(volume.VolumeId, cancellationToken);
        var stored = await paths.CurrentAsync(volume.Stored, cancellationToken);
        await volumes.MarkRestoringAsync(volume.VolumeId, cancellationToken);
        var options = dataPath with { ScratchDirectory = await paths.ScratchAsync(cancellationToken) };
        var expected = new RestoreExpectation
        {
            Name = volume.Member,
            Capacity = volume.Capacity,
            Stored = volume.StoredDigest ?? OvaDigest.Sha256(volume.StoredSha256),
            VolumeDigest = volume.VolumeDigest,
            Format = volume.Format,
            BlockList = volume.BlockList is { } list ? await paths.CurrentAsync(list, cancellationToken) : null,
        };
        await VolumeRestorer.RestoreAsync(stored, volume.Encoding, expected, target, options, context.ReportAsync, cancellationToken);
        await volumes.PublishAsync(volume.VolumeId, cancellationToken);
        return null;
    }
}
