using ImageBackup.Core.Buckets;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Download;

/// <summary>Finds archives in buckets for downloads, verifications and imports.</summary>
public sealed class BucketArchives(BucketResolver buckets, ArchivePlaces places, DataPaths paths)
{
    /// <summary>Finds the archive of an image backup, and checks that the node has room for it or has the file.</summary>
    public Task<StoredObject> FindAsync(BackupRecord backup, BackupNodeRecord node, CancellationToken cancellationToken)
        => FindAsync(backup.ProjectId, backup.CosBucket!, backup.CosObject ?? backup.OvaName!, node, backup.OvaName, cancellationToken);

    /// <summary>Finds an object, and checks that the node has room for it.</summary>
    /// <param name="projectId">The project that registered the bucket.</param>
    /// <param name="bucketName">The bucket.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="node">The node of the download.</param>
    /// <param name="fileName">A file on the node that replaces the download; null for none.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<StoredObject> FindAsync(string projectId, string bucketName, string key, BackupNodeRecord node, string? fileName, CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(projectId, bucketName, cancellationToken);
        await bucket.Store.CheckBucketAsync(bucket.Name, cancellationToken);
        var found = await bucket.HeadAsync(key, cancellationToken);
        if (fileName is null || !File.Exists(places.PathOf(node.BackupNodeId, fileName)))
        {
            DiskSpace.Require(paths.BackupNode(node.BackupNodeId), found.Size, "the archive");
        }

        return found;
    }
}
