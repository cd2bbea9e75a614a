using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Packs the clone into its container on the node. One pass reads, hashes and compresses it.</summary>
internal sealed class BackupVolumeTask(ExportState state, ExportVolume volume, ExportPaths paths, OperationVolumeStore volumes, DataPathOptions dataPath) : FlowTask
{
    public override string Name => BackupNames.BackupVolume(volume.VolumeId, state.BackupId);

    public override long ExpectedBytes => volume.SizeBytes;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        WorkDirectory.Recreate(Container);
        volume.Packed = await VolumePacker.PackAsync(
            volumes.PathOf(volume.TempVolumeId),
            paths.Member(volume),
            paths.BlockList(volume),
            state.Compression,
            dataPath,
            context.ReportAsync,
            cancellationToken);

        return new VolumeBackupResult(
            volume.CinderBackupId,
            volume.VolumeId,
            volume.BootIndex,
            Gibibytes.RoundUp(volume.SizeBytes),
            paths.FileName(volume),
            paths.Container(volume),
            paths.ServiceMetadata(volume));
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
    {
        WorkDirectory.Remove(Container);
        if (Directory.Exists(paths.Image) && !Directory.EnumerateFileSystemEntries(paths.Image).Any())
        {
            Directory.Delete(paths.Image);
        }

        volume.Packed = null;
        return Task.CompletedTask;
    }

    private string Container => Path.Combine(paths.Node, paths.Container(volume));

    /// <summary>The result in the progress document. <c>size</c> is in GiB.</summary>
    private sealed record VolumeBackupResult(string BackupId, string VolumeId, int BootIndex, int Size, string BackupFileName, string Container, string ServiceMetadata);
}
