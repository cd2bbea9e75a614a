using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Download;

/// <summary>Starts downloads of archives to nodes: (1) check the request, (2) move the image backup and add the log book.</summary>
public sealed class DownloadPlanner(BackupStore backups, BackupNodeResolver nodes, ArchivePlaces places, BucketArchives archives, OperationStarter starter)
{
    /// <summary>Downloads the archive of an image backup to a node; without <paramref name="backupHost"/>, to its own node.</summary>
    public Task<StartedOperation> StartAsync(Caller caller, int id, string? backupHost, CancellationToken cancellationToken)
        => StartAsync(caller, backups.Get(caller, id), backupHost, isRetry: false, cancellationToken);

    /// <summary>Starts a failed or stopped download again.</summary>
    internal Task<StartedOperation> RetryAsync(Caller caller, BackupRecord backup, string backupHost, CancellationToken cancellationToken)
        => StartAsync(caller, backup, backupHost, isRetry: true, cancellationToken);

    private async Task<StartedOperation> StartAsync(Caller caller, BackupRecord backup, string? backupHost, bool isRetry, CancellationToken cancellationToken)
    {
        BackupStatusRules.RequireStatus(backup, isRetry, "downloaded", BackupStatus.Uploaded, BackupStatus.DownloadFailed);
        var node = await nodes.ResolveAsync(caller.ProjectId, backupHost ?? backup.BackupHost, cancellationToken);
        await places.RequireOwnPlaceAsync(backup, node.BackupNodeId, cancellationToken);
        var archive = await archives.FindAsync(backup, node, cancellationToken);
        await using var start = await starter.BeginAsync(BackupActions.Download, caller, key: null, cancellationToken);
        await start.MoveAsync(backup, BackupStatus.Downloading, returnTo: null, cancellationToken);
        return await start.CommitAsync(backup, DownloadState.Of(backup, node, archive, places.MissingBytes(node.BackupNodeId, backup.OvaName!, archive.Size)), cancellationToken);
    }
}
