using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Delete;

/// <summary>Deletes the object, and whatever upload of it is still open. That it can't be reached is a failure that is told.</summary>
internal sealed class DeleteObjectTask(DeleteState state, BucketResolver buckets, ObjectTransfer transfer) : FlowTask, IBackupPhase
{
    public override string Name => BackupNames.DeleteObject(state.BackupId);

    public BackupStatus StatusWhileRunning => BackupStatus.Deleting;

    public BackupStatus? StatusWhereFailed => BackupStatus.Error;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(state.ProjectId, state.Bucket!, cancellationToken);
        await transfer.AbandonUploadAsync(bucket, state.ObjectKey!, cancellationToken);
        await transfer.DeleteOwnAsync(bucket, state.ObjectKey!, state.Sha256, cancellationToken);
        return null;
    }
}
