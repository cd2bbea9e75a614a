using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>Removes the copy in the bucket that the backup has left, so that no object is forgotten there.</summary>
internal sealed class DeleteFormerObjectTask(UploadState state, BucketResolver buckets, ObjectTransfer transfer) : FlowTask, IBackupPhase
{
    public override string Name => BackupNames.DeleteObject(state.BackupId);

    public BackupStatus StatusWhileRunning => BackupStatus.Uploading;

    /// <summary>The archive is where it was to go; that the old copy is still there is told by the reason.</summary>
    public BackupStatus? StatusWhereFailed => BackupStatus.Uploaded;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(state.ProjectId, state.FormerBucket!, cancellationToken);
        await transfer.DeleteAsync(bucket, state.FormerObject!, cancellationToken);
        return null;
    }
}
