using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>An upload. UploadFlow: (1) upload the archive. MoveFlow, where it comes from another bucket: (2) delete the copy there, which undoes nothing where it fails.</summary>
public sealed class UploadFlow(DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer)
{
    public Flow Build(UploadState state)
        => new(BackupNames.UploadFlow, [new UploadOvaTask(state, paths, backups, buckets, transfer)]) { StandsOnceDone = IsMove(state) };

    public Flow BuildMove(UploadState state) => new(BackupNames.MoveFlow, [new DeleteFormerObjectTask(state, buckets, transfer)]);

    public static bool IsMove(UploadState state) => state.FormerObject is not null && state.FormerBucket != state.Bucket;
}
