using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Verify;

/// <summary>Starts verifications of archives: (1) check the request, (2) move the image backup and add the log book.</summary>
public sealed class VerifyPlanner(BackupStore backups, BackupNodeResolver nodes, ArchivePlaces places, BucketArchives archives, OperationStarter starter)
{
    /// <summary>Hashes the archive of an image backup again, on its node or else from its bucket.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The image backup.</param>
    /// <param name="forceRaw">True if the members of the archive are raw disks, whatever format they look like.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task<StartedOperation> StartAsync(Caller caller, int id, bool forceRaw, CancellationToken cancellationToken)
        => StartAsync(caller, backups.Get(caller, id), forceRaw, isRetry: false, cancellationToken);

    /// <summary>Starts a failed or stopped verification again. If the archive is sound, the image backup is no longer <c>error</c>.</summary>
    internal Task<StartedOperation> RetryAsync(Caller caller, BackupRecord backup, bool forceRaw, CancellationToken cancellationToken)
        => StartAsync(caller, backup, forceRaw, isRetry: true, cancellationToken);

    private async Task<StartedOperation> StartAsync(Caller caller, BackupRecord backup, bool forceRaw, bool isRetry, CancellationToken cancellationToken)
    {
        var state = await PlanAsync(backup, forceRaw, isRetry, cancellationToken);
        await using var start = await starter.BeginAsync(BackupActions.Verify, caller, key: null, cancellationToken);
        await start.MoveAsync(backup, BackupStatus.ExtractingOva, returnTo: BackupStatusRules.StatusForRetry(backup), cancellationToken);
        return await start.CommitAsync(backup, state, cancellationToken);
    }

    private async Task<VerifyState> PlanAsync(BackupRecord backup, bool forceRaw, bool isRetry, CancellationToken cancellationToken)
    {
        BackupStatusRules.RequireStatus(backup, isRetry, "verified", BackupStatus.Available, BackupStatus.Uploaded, BackupStatus.UploadFailed, BackupStatus.DownloadFailed);
        BackupStatusRules.RequireArchive(backup, "verified");
        var node = await nodes.ResolveAsync(backup.ProjectId, backup.BackupHost, cancellationToken);
        var file = new FileInfo(places.PathOf(node.BackupNodeId, backup.OvaName!));
        if (backup.CosBucket is null)
        {
            places.RequireFile(backup, node.BackupNodeId);
        }

        var found = file.Exists ? null : await archives.FindAsync(backup, node, cancellationToken);
        var download = found is null ? null : DownloadState.Of(backup, node, found, spaceBytes: found.Size);
        return new VerifyState
        {
            BackupId = backup.Id,
            BackupNodeId = node.BackupNodeId,
            OvaName = backup.OvaName!,
            Size = download?.Size ?? file.Length,
            Sha256 = backup.OvaSha256,
            ManifestSha256 = backup.ManifestSha256,
            Volumes = [.. backup.ReadVolumes()],
            Download = download,
            ForceRaw = forceRaw,
        };
    }
}
