using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Operations.Delete;

/// <summary>Deletes the object, its sidecar and its open uploads. An unavailable bucket is a failure. Result: what stays in a bucket with versions, otherwise null.</summary>
internal sealed class DeleteObjectTask(DeleteState state, BucketResolver buckets) : FlowTask
{
    public override string Name => BackupNames.DeleteObject(state.BackupId);

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(state.ProjectId, state.Bucket!, cancellationToken);
        await bucket.AbandonUploadAsync(state.ObjectKey!, cancellationToken);
        await Sidecar.DeleteAsync(bucket, state.ObjectKey!, state.Sha256, cancellationToken);
        return await bucket.DeleteOwnAsync(state.ObjectKey!, state.Sha256, cancellationToken) ? bucket.VersionsOf(state.ObjectKey!) : null;
    }
}
