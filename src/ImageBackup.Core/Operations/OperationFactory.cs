using System.Text.Json;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Operations.Delete;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Operations.Export;
using ImageBackup.Core.Operations.Import;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Operations.Verify;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations;

/// <summary>Makes the operation of a log book out of its state; after a restart, out of the state in the database.</summary>
public sealed class OperationFactory(
    DataPaths paths,
    VolumeStore volumes,
    ImageStore images,
    BackupStore backups,
    UploadFlow uploadFlow,
    DownloadFlow downloadFlow,
    BucketResolver buckets,
    ObjectTransfer transfer,
    OvaWriter writer,
    DataPathOptions dataPath)
{
    public FlowOperation Create(ExportState state) => new ExportOperation(state, paths, volumes, backups, uploadFlow, writer, dataPath);

    public FlowOperation Create(ImportState state) => new ImportOperation(state, paths, volumes, images, backups, downloadFlow, dataPath);

    public FlowOperation Create(UploadState state) => new UploadOperation(state, uploadFlow);

    public FlowOperation Create(DownloadState state) => new DownloadOperation(state, downloadFlow);

    public FlowOperation Create(VerifyState state) => new VerifyOperation(state, paths, buckets, transfer, dataPath);

    public FlowOperation Create(DeleteState state) => new DeleteOperation(state, paths, backups, buckets, transfer);

    /// <summary>The operation of a row.</summary>
    public FlowOperation Load(string action, string state) => action switch
    {
        BackupActions.Export => Create(Read<ExportState>(state)),
        BackupActions.Import => Create(Read<ImportState>(state)),
        BackupActions.Upload => Create(Read<UploadState>(state)),
        BackupActions.Download => Create(Read<DownloadState>(state)),
        BackupActions.Verify => Create(Read<VerifyState>(state)),
        FlowQueue.Delete => Create(Read<DeleteState>(state)),
        _ => throw new InvalidDataException($"A log book's action is '{action}', which this version does not know."),
    };

    private static T Read<T>(string state)
        => JsonSerializer.Deserialize<T>(state, FlowJson.Options) ?? throw new InvalidDataException($"A log book's state is not a {typeof(T).Name}.");
}
