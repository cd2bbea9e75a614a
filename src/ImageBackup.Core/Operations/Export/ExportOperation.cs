using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Export;

/// <summary>
/// An export. ExportFlow: for each volume (1) clone it, (2) pack the clone into the archive, (3) delete the clone; then (4) complete the archive,
/// (5) record it. UploadFlow, if requested: (6) upload the archive. A failed upload keeps the archive on the node.
/// </summary>
internal sealed class ExportOperation(ExportState state, DataPaths dataPaths, OperationVolumeStore volumes, BackupStore backups, UploadFlow uploadFlow, DataPathOptions dataPath) : FlowOperation<ExportState>(state)
{
    public override OperationFigures Figures => new(State.BackupName, State.VolumeBytes, State.Ova?.Size);

    public override IReadOnlyList<Flow> Flows => State.Upload is { } upload
        ? [Export with { StandsOnceDone = true }, uploadFlow.Of(upload, State.VolumeBytes)]
        : [Export];

    public override IReadOnlyList<SpaceNeed> Space => [new(dataPaths.BackupNode(State.BackupNodeId), State.SpaceBytes, "the archive")];

    private Flow Export => new(BackupNames.ExportFlow, State.VolumeBytes, new(BackupStatus.CreatingBackup, BackupStatus.Error), () => new(Tasks()));

    private List<FlowTask> Tasks()
    {
        var paths = new ExportPaths(dataPaths, State);
        var archive = new ExportArchive(State, paths, dataPath);
        var tasks = new List<FlowTask>();
        foreach (var volume in State.Volumes)
        {
            tasks.Add(new CreateTempVolumeTask(State, volume, volumes));
            tasks.Add(new BackupVolumeTask(State, volume, paths, volumes, archive));
            tasks.Add(new DeleteTempVolumeTask(State, volume, volumes));
        }

        tasks.Add(new CreateOvaTask(State, archive));
        tasks.Add(new UpdateBackupTask(State, archive, backups));
        return tasks;
    }
}
