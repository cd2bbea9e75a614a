using System.Text.Json;
using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Operations.Verify;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Operations;

/// <summary>May this upload, download or verification be made, and how? Everything that can be refused is refused here.</summary>
public sealed class TransferPlanner(BackupNodeStore nodes, BucketResolver buckets, ObjectTransfer transfer, ArchivePlaces places, DataPaths paths, IOptions<CosOptions> cosOptions)
{
    public async Task<UploadState> PlanUploadAsync(Caller caller, BackupRecord backup, string? bucketName, CancellationToken cancellationToken)
    {
        RequireStatus(backup, "uploaded", BackupStatus.Available, BackupStatus.Uploaded, BackupStatus.UploadFailed);
        RequireArchive(backup, "uploaded");
        var node = await nodes.ResolveAsync(backup.BackupHost, cancellationToken);
        var name = bucketName ?? backup.CosBucket ?? node.CosDefault ?? cosOptions.Value.DefaultBucket;
        RequireFile(node, backup);
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
        };
    }

    public async Task<DownloadState> PlanDownloadAsync(Caller caller, BackupRecord backup, string? backupHost, CancellationToken cancellationToken)
    {
        RequireStatus(backup, "downloaded", BackupStatus.Uploaded, BackupStatus.DownloadFailed);
        var node = await nodes.ResolveAsync(backupHost ?? backup.BackupHost, cancellationToken);
        await places.RequireOwnPlaceAsync(backup, node.BackupNodeId, cancellationToken);
        return await PlanFetchAsync(caller, backup, node, cancellationToken);
    }

    public async Task<VerifyState> PlanVerifyAsync(Caller caller, BackupRecord backup, CancellationToken cancellationToken)
    {
        RequireStatus(backup, "verified", BackupStatus.Available, BackupStatus.Uploaded, BackupStatus.UploadFailed, BackupStatus.DownloadFailed);
        RequireArchive(backup, "verified");
        var node = await nodes.ResolveAsync(backup.BackupHost, cancellationToken);
        var file = new FileInfo(PathOf(node, backup));
        var download = file.Exists || backup.CosBucket is null ? null : await PlanFetchAsync(caller, backup, node, cancellationToken);
        if (download is null)
        {
            RequireFile(node, backup);
        }

        return new VerifyState
        {
            BackupId = backup.Id,
            BackupNodeId = node.BackupNodeId,
            OvaName = backup.OvaName!,
            Size = download?.Size ?? file.Length,
            Sha256 = backup.OvaSha256,
            Volumes = backup.Volumes is null ? [] : JsonSerializer.Deserialize<List<BackupVolume>>(backup.Volumes, FlowJson.Options) ?? [],
            Download = download,
        };
    }

    private async Task<DownloadState> PlanFetchAsync(Caller caller, BackupRecord backup, BackupNodeRecord node, CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(caller.ProjectId, backup.CosBucket!, cancellationToken);
        await bucket.Store.CheckBucketAsync(bucket.Name, cancellationToken);
        var found = await transfer.HeadAsync(bucket, backup.CosObject ?? backup.OvaName!, cancellationToken);
        if (!File.Exists(PathOf(node, backup)))
        {
            DiskSpace.Require(paths.BackupNode(node.BackupNodeId), found.Size, "the archive");
        }

        return new DownloadState
        {
            BackupId = backup.Id,
            ProjectId = backup.ProjectId,
            Bucket = backup.CosBucket!,
            ObjectKey = found.Key,
            Size = found.Size,
            Sha256 = backup.OvaSha256,
            BackupNodeId = node.BackupNodeId,
            FormerNodeId = backup.BackupHost,
            OvaName = backup.OvaName!,
        };
    }

    private static void RequireStatus(BackupRecord backup, string participle, params ReadOnlySpan<BackupStatus> statuses)
    {
        if (!statuses.Contains(backup.Status))
        {
            var words = string.Join(" or ", statuses.ToArray().Select(status => status.ToWire()));
            throw new InvalidRequestException($"Invalid image backup: Image backup {backup.Id} is {backup.Status.ToWire()}; to be {participle} it must be {words}.");
        }
    }

    /// <summary>A raw disk has no descriptor and no digests: nothing says what a copy of it would have to be.</summary>
    private static void RequireArchive(BackupRecord backup, string participle)
    {
        if (!BackupNames.IsArchive(backup.OvaName!))
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {backup.Id} is the raw disk {backup.OvaName}; only an archive (.ova or .ova.gz) can be {participle}.");
        }
    }

    private void RequireFile(BackupNodeRecord node, BackupRecord backup)
    {
        if (!File.Exists(PathOf(node, backup)))
        {
            throw new InvalidRequestException($"Invalid image backup: The archive {backup.OvaName} of image backup {backup.Id} is not on backup node {node.BackupNodeId}.");
        }
    }

    private string PathOf(BackupNodeRecord node, BackupRecord backup) => Path.Combine(paths.BackupNode(node.BackupNodeId), backup.OvaName ?? "");
}
