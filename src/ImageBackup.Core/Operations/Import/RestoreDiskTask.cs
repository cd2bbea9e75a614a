using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Restores the bytes that the guest of a disk image sees into its volume, and reads the volume back. Records the size, which some formats do not tell before.</summary>
internal sealed class RestoreDiskTask(ImportState state, ImportVolume volume, ImportPaths paths, OperationVolumeStore volumes, BackupStore backups) : FlowTask
{
    public override string Name => BackupNames.Restore(volume.CinderBackupId);

    /// <summary>One pass writes the volume, another one reads it back.</summary>
    public override long ExpectedBytes => 2 * volume.Capacity;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var target = await volumes.NewFileAsync(volume.VolumeId, cancellationToken);
        var scratch = await paths.NewScratchAsync(cancellationToken);
        await volumes.MarkRestoringAsync(volume.VolumeId, cancellationToken);

        // Opening unpacks a compressed image of most formats.
        using var image = await Task.Run(() => Open(scratch, cancellationToken), cancellationToken);
        context.SetTotal(2 * (image.Length ?? volume.Capacity));
        volume.Capacity = await DiskRestorer.RestoreAsync(image, target, progress => ReportAsync(context, progress, cancellationToken), cancellationToken);
        await volumes.PublishAsync(volume.VolumeId, cancellationToken);
        await volumes.SetSizeAsync(volume.VolumeId, volume.Capacity, cancellationToken);
        await backups.SetFactsAsync(state.BackupId, backup => backup.Size = Gibibytes.RoundUp(volume.Capacity), cancellationToken);
        return null;
    }

    private static ValueTask ReportAsync(TaskContext context, DiskProgress progress, CancellationToken cancellationToken)
    {
        if (progress.Compared > 0)
        {
            context.SetTotal(2 * progress.Written);
        }

        return context.ReportAsync(progress.Written + progress.Compared, cancellationToken);
    }

    private DiskImage Open(string scratch, CancellationToken cancellationToken)
    {
        var source = new FileSource(volume.Stored.Path, volume.Stored.Offset, volume.Stored.Length);
        return DiskImages.Open(source, new DiskOpenOptions { ScratchPath = Path.Combine(scratch, volume.VolumeId) }, cancellationToken);
    }
}
