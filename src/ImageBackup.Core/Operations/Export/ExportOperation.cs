using System.Text.Json;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Export;

/// <summary>
/// The whole export. ExportFlow: for each volume (1) clone it, (2) pack the clone into its container, (3) delete the clone;
/// then (4) write the archive out of the containers, (5) record it. UploadFlow, where it is wanted: (6) upload the archive.
/// A failed upload leaves the archive where it is: ExportFlow stands once it is done.
/// </summary>
public sealed class ExportOperation(ExportState state, DataPaths dataPaths, VolumeStore volumes, BackupStore backups, UploadFlow uploadFlow, OvaWriter writer, DataPathOptions dataPath) : FlowOperation
{
    public override IReadOnlyList<PlannedFlow> Flows => state.Upload is null
        ? [new(BackupNames.ExportFlow, state.VolumeBytes)]
        : [new(BackupNames.ExportFlow, state.VolumeBytes), new(BackupNames.UploadFlow, state.VolumeBytes)];

    public override Flow Build(string flowName)
        => flowName == BackupNames.UploadFlow ? uploadFlow.Build(state.Upload!) : BuildExport();

    public override string SaveState() => JsonSerializer.Serialize(state, FlowJson.Options);

    private Flow BuildExport()
    {
        var paths = new ExportPaths(dataPaths, state);
        return new Flow(BackupNames.ExportFlow,
        [
            .. state.Volumes.SelectMany(volume => new FlowTask[]
            {
                new CreateTempVolumeTask(state, volume, volumes),
                new BackupVolumeTask(state, volume, paths, volumes, dataPath),
                new DeleteTempVolumeTask(state, volume, volumes),
            }),
            new CreateOvaTask(state, paths, writer),
            new UpdateBackupTask(state, paths, backups),
        ])
        { StandsOnceDone = state.Upload is not null };
    }
}
