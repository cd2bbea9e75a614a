using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>Deletes the earlier copy in the bucket that the archive leaves. Result: what stays in a bucket with versions, otherwise null.</summary>
internal sealed class DeleteFormerObjectTask(UploadState state, BucketResolver buckets) : FlowTask
{
    public override string Name => BackupNames.DeleteObject(state.BackupId);

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(state.ProjectId, state.FormerBucket!, cancellationToken);
        return await bucket.DeleteAsync(state.FormerObject!, cancellationToken) ? bucket.VersionsOf(state.FormerObject!) : null;
    }
}
