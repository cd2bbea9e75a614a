using System.Text.Json;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Import;

/// <summary>
/// The whole import. PreImportFlow (not for a raw disk): (1) fetch the archive, where it lies in a bucket, (2) read its
/// descriptor and layout. ImportFlow: for each volume, several at once where cores allow, (3) create it, (4) restore and read it back, (5) map it; then
/// (6) create the image, (7) give it its properties and make it active.
/// </summary>
public sealed class ImportOperation(ImportState state, DataPaths dataPaths, VolumeStore volumes, ImageStore images, BackupStore backups, DownloadFlow downloadFlow, DataPathOptions dataPath) : FlowOperation
{
    /// <summary>Cores that one volume keeps busy where its blocks are known: its one SHA-256 is no faster than four of them inflate.</summary>
    private const int CoresByBlocks = 4;

    private readonly ImportPaths paths = new(dataPaths, state);

    /// <summary>Volumes restored at the same time: anybody else's gzip keeps one core busy, since it can be inflated from the start only.</summary>
    private int AtOnce => Math.Clamp(
        dataPath.Workers / (state.Volumes.TrueForAll(volume => volume.IsGzip && volume.BlockList is null) ? 1 : CoresByBlocks), 1, Math.Max(1, state.Volumes.Count));

    public override IReadOnlyList<PlannedFlow> Flows => state.Raw is not null
        ? [new(BackupNames.ImportFlow, 1)]
        : [new(BackupNames.PreImportFlow, state.Download is null ? 1 : 40), new(BackupNames.ImportFlow, 60)];

    public override Flow Build(string flowName)
        => flowName == BackupNames.PreImportFlow ? BuildPreImport() : BuildImport();

    public override string SaveState() => JsonSerializer.Serialize(state, FlowJson.Options);

    public override Task CleanUpAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(paths.Scratch))
        {
            Directory.Delete(paths.Scratch, recursive: true);
        }

        return Task.CompletedTask;
    }

    private Flow BuildPreImport()
    {
        var extract = new ExtractOvaTask(state, paths, backups);
        return new Flow(BackupNames.PreImportFlow, state.Download is null ? [extract] : [downloadFlow.Fetch(state.Download), extract]);
    }

    private Flow BuildImport() => Flow.OfChains(
        BackupNames.ImportFlow,
        [.. state.Volumes.Select(Restore)],
        AtOnce,
        [new CreateImageTask(state, images), new UpdateImageTask(state, images, volumes, backups)]);

    private FlowTask[] Restore(ImportVolume volume) =>
    [
        new CreateVolumeTask(state, volume, volumes),
        new RestoreVolumeTask(volume, volumes, dataPath with { MemoryBytes = dataPath.MemoryBytes / AtOnce }),
        new CreateBlockDeviceMappingTask(volume),
    ];
}
