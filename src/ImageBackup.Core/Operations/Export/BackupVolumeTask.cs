using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Packs the clone into the archive on the node. One pass reads, hashes, compresses and writes it.</summary>
internal sealed class BackupVolumeTask(ExportState state, ExportVolume volume, ExportPaths paths, OperationVolumeStore volumes, ExportArchive archive) : FlowTask
{
    public override string Name => BackupNames.BackupVolume(volume.VolumeId, state.BackupId);

    public override long ExpectedBytes => volume.SizeBytes;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await archive.PackAsync(volume, volumes.PathOf(volume.TempVolumeId), context.ReportAsync, cancellationToken);
        return new VolumeBackupResult(
            volume.CinderBackupId,
            volume.VolumeId,
            volume.BootIndex,
            Gibibytes.RoundUp(volume.SizeBytes),
            paths.FileName(volume),
            paths.Container(volume),
            paths.ServiceMetadata(volume));
    }

    public override async Task RevertAsync(CancellationToken cancellationToken)
    {
        // The reversal reverts every task of the flow, so no volume of the archive stays.
        await archive.DiscardAsync(cancellationToken);
        volume.Packed = null;
    }

    /// <summary>The result in the progress document, with Cinder's names. <c>size</c> is in GiB.</summary>
    private sealed record VolumeBackupResult(string BackupId, string VolumeId, int BootIndex, int Size, string BackupFileName, string Container, string ServiceMetadata);
}
