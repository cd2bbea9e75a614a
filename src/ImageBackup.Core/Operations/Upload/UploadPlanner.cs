using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>Starts uploads of archives on nodes: (1) check the request, (2) move the image backup and add the log book.</summary>
public sealed class UploadPlanner(BackupStore backups, BackupNodeResolver nodes, BucketResolver buckets, ArchivePlaces places, OperationStarter starter, IOptions<CosOptions> cosOptions)
{
    /// <summary>Uploads the archive of an image backup, possibly again or to another bucket.</summary>
    public Task<StartedOperation> StartAsync(Caller caller, int id, string? bucketName, CancellationToken cancellationToken)
        => StartAsync(caller, backups.Get(caller, id), bucketName, isRetry: false, cancellationToken);

    /// <summary>Starts a failed or stopped upload again.</summary>
    internal Task<StartedOperation> RetryAsync(Caller caller, BackupRecord backup, string bucketName, CancellationToken cancellationToken)
        => StartAsync(caller, backup, bucketName, isRetry: true, cancellationToken);

    private async Task<StartedOperation> StartAsync(Caller caller, BackupRecord backup, string? bucketName, bool isRetry, CancellationToken cancellationToken)
    {
        var state = await PlanAsync(caller, backup, bucketName, isRetry, cancellationToken);
        await using var start = await starter.BeginAsync(BackupActions.Upload, caller, key: null, cancellationToken);
        await start.MoveAsync(backup, BackupStatus.Uploading, returnTo: null, cancellationToken);
        return await start.CommitAsync(backup, state, cancellationToken);
    }

    private async Task<UploadState> PlanAsync(Caller caller, BackupRecord backup, string? bucketName, bool isRetry, CancellationToken cancellationToken)
    {
        BackupStatusRules.RequireStatus(backup, isRetry, "uploaded", BackupStatus.Available, BackupStatus.Uploaded, BackupStatus.UploadFailed);
        BackupStatusRules.RequireArchive(backup, "uploaded");
        var node = await nodes.ResolveAsync(caller.ProjectId, backup.BackupHost, cancellationToken);
        var name = bucketName ?? backup.CosBucket ?? node.CosDefault ?? cosOptions.Value.DefaultBucket;
        places.RequireFile(backup, node.BackupNodeId);
        var bucket = await buckets.ResolveAsync(caller.ProjectId, name, cancellationToken);
        await bucket.Store.CheckBucketAsync(bucket.Name, cancellationToken);
        return new UploadState
        {
            BackupId = backup.Id,
            ProjectId = backup.ProjectId,
            BackupNodeId = node.BackupNodeId,
            OvaName = backup.OvaName!,
            Bucket = name,
            FormerBucket = backup.OwnsObject ? backup.CosBucket : null,
            FormerObject = backup.OwnsObject ? backup.CosObject : null,
            ExpectedBytes = backup.OvaSize,
        };
    }
}
