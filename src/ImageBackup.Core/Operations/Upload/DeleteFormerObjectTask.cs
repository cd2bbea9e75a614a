using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>Deletes the earlier copy and its sidecar in the bucket that the archive leaves. Result: what stays in a bucket with versions, otherwise null.</summary>
internal sealed class DeleteFormerObjectTask(UploadState state, BackupStore backups, BucketResolver buckets) : FlowTask
{
    public override string Name => BackupNames.DeleteObject(state.BackupId);

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(state.ProjectId, state.FormerBucket!, cancellationToken);
        var sha256 = (await backups.FindAsync(state.BackupId, cancellationToken))?.OvaSha256;
        await Sidecar.DeleteAsync(bucket, state.FormerObject!, sha256, cancellationToken);
        return await bucket.DeleteOwnAsync(state.FormerObject!, sha256, cancellationToken) ? bucket.VersionsOf(state.FormerObject!) : null;
    }
}
