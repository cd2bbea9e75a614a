using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>The flows of an upload. An export can end with one.</summary>
internal sealed class UploadFlow(DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer, ArchiveMembers members)
{
    /// <summary>Returns true if the archive moves from one bucket to another.</summary>
    public static bool IsMove(UploadState state) => state.FormerObject is not null && state.FormerBucket != state.Bucket;

    public Flow Of(UploadState state, long weight)
        => new(BackupNames.UploadFlow, weight, new(BackupStatus.Uploading, BackupStatus.UploadFailed), () => new([new UploadOvaTask(state, paths, backups, buckets, transfer, members)]))
        {
            StandsOnceDone = IsMove(state),
        };

    /// <summary>Deletes the earlier copy. If that fails, the new copy stands, and the reason names the earlier one.</summary>
    public Flow MoveOf(UploadState state)
        => new(BackupNames.MoveFlow, 1, new(BackupStatus.Uploading, BackupStatus.Uploaded), () => new([new DeleteFormerObjectTask(state, backups, buckets)]));
}
