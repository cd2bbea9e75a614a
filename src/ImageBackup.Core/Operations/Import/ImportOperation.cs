using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Import;

/// <summary>
/// An import. PreImportFlow, not for a single disk on the node: (1) download the file from its bucket or URL, (2) read the archive's descriptor and layout, or
/// look at the disk. ImportFlow: for each volume,
/// several at a time, (3) create it, (4) restore it and read it back, (5) map it; then (6) create the image, (7) set its properties and activate it.
/// </summary>
internal sealed class ImportOperation(ImportState state, DataPaths dataPaths, OperationVolumeStore volumes, ImportedImageStore images, BackupStore backups, DownloadFlow downloadFlow, DataPathOptions dataPath) : FlowOperation<ImportState>(state)
{
    /// <summary>The cores that one volume with a block list uses: SHA-256 over the volume is as fast as four cores inflate.</summary>
    private const int CoresPerBlockList = 4;

    private static readonly FlowPhase Phase = new(BackupStatus.ExtractingOva, BackupStatus.Error);

    private readonly ImportPaths paths = new(dataPaths, state);

    public override OperationFigures Figures => new(State.Name, State.Volumes.Sum(volume => volume.Capacity), State.FileBytes > 0 ? State.FileBytes : null);

    public override IReadOnlyList<Flow> Flows => State.Raw is null || State.Download is not null
        ? [new(BackupNames.PreImportFlow, State.Download is null ? 1 : 40, Phase, PreImportTasks), Import]
        : [Import];

    public override IReadOnlyList<SpaceNeed> Space =>
    [
        .. State.Download is { } download ? [download.Space(dataPaths)] : Array.Empty<SpaceNeed>(),
        new(dataPaths.Volumes, State.VolumeBytes, "the restored volumes"),
    ];

    private Flow Import => new(BackupNames.ImportFlow, 60, Phase, ImportTasks);

    /// <summary>The volumes that are restored at a time. A volume of gzip without block lists uses one core, because only one core can inflate it.</summary>
    private int AtOnce => Math.Clamp(
        dataPath.Workers / (State.Volumes.TrueForAll(volume => volume.Encoding is not MemberEncoding.Raw && volume.BlockList is null) ? 1 : CoresPerBlockList), 1, Math.Max(1, State.Volumes.Count));

    public override Task CleanUpAsync(CancellationToken cancellationToken)
    {
        WorkDirectory.Remove(paths.FormerScratch);
        return Task.CompletedTask;
    }

    private FlowTasks PreImportTasks()
    {
        FlowTask read = State.Raw is null ? new ExtractOvaTask(State, paths, backups) : new InspectDiskTask(State, paths, dataPaths, backups);
        return new(State.Download is null ? [read] : [downloadFlow.Task(State.Download), read]);
    }

    private FlowTasks ImportTasks() => new([new CreateImageTask(State, images), new UpdateImageTask(State, images, volumes, backups)])
    {
        Chains = [.. State.Volumes.Select(VolumeTasks)],
        ChainsAtOnce = AtOnce,
    };

    private FlowTask[] VolumeTasks(ImportVolume volume) =>
    [
        new CreateVolumeTask(State, volume, volumes),
        State.Raw is not null && volume.IsDiskImage
            ? new RestoreDiskTask(State, volume, paths, volumes, backups)
            : new RestoreVolumeTask(volume, paths, volumes, dataPath with { MemoryBytes = dataPath.MemoryBytes / AtOnce }),
        new CreateBlockDeviceMappingTask(volume),
    ];
}
