using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Scratch;
using ImageBackup.Core.Settings;
using ImageBackup.Ova;

namespace ImageBackup.Core.Operations.Verify;

/// <summary>Hashes the archive, its members and its volumes, and compares the digests with the recorded ones. Records the time, and the archive's own digest if there is none. Result: the digests.</summary>
internal sealed class VerifyOvaTask(VerifyState state, DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer, ArchiveMembers members) : FlowTask
{
    private string scratch = "";

    public override string Name => BackupNames.VerifyOva(state.BackupId);

    public override long ExpectedBytes => 2 * state.Size;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        scratch = (await RunDirectory.OpenAsync(paths.BackupNode(state.BackupNodeId), cancellationToken)).NewScratch("verify");
        try
        {
            var file = state.Download is { } download
                ? await FetchAsync(download, cancellationToken)
                : Path.Combine(paths.BackupNode(state.BackupNodeId), state.OvaName);
            return await CompareAsync(file, context, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOvaException { IsUnsupported: false } or ObjectStoreException { Error: ObjectStoreError.Damaged })
        {
            state.IsDamaged = true;
            await context.SaveStateAsync(cancellationToken);
            throw;
        }
        finally
        {
            WorkDirectory.Remove(scratch);
        }
    }

    private async Task<string> FetchAsync(DownloadState download, CancellationToken cancellationToken)
    {
        var fetch = new ObjectDownload
        {
            Source = new BucketObject(await buckets.ResolveAsync(download.ProjectId, download.Bucket!, cancellationToken), download.ObjectKey!),
            FilePath = Path.Combine(scratch, state.OvaName),
            SaveResume = (_, _) => Task.CompletedTask,
        };
        await transfer.DownloadAsync(fetch, NoProgress, cancellationToken);
        return fetch.FilePath;
    }

    private async Task<object> CompareAsync(string file, TaskContext context, CancellationToken cancellationToken)
    {
        var sha256 = await FileDigest.ComputeAsync(file, context.ReportAsync, cancellationToken);
        if (state.Sha256 is not null && state.Sha256 != sha256)
        {
            // A message that names the damaged member helps more than one that names the archive.
            await VerifyMembersAsync(file, context, cancellationToken);
            throw new InvalidOvaException($"The archive {state.OvaName} has changed: SHA-256 {state.Sha256} was recorded, found {sha256}.");
        }

        var volumes = await VerifyMembersAsync(file, context, cancellationToken);
        await backups.SetVerifiedAsync(state.BackupId, sha256, cancellationToken);
        return new VerifyResult(state.OvaName, sha256, (state.Sha256 ?? state.ManifestSha256) is not null, volumes);
    }

    private Task<IReadOnlyList<VerifiedVolume>> VerifyMembersAsync(string file, TaskContext context, CancellationToken cancellationToken)
        => members.VerifyAsync(file, scratch, state.Volumes, state.ManifestSha256, state.ForceRaw, (bytes, token) => context.ReportAsync(state.Size + bytes, token), cancellationToken);

    private static ValueTask NoProgress(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private sealed record VerifyResult(string OvaName, string Sha256, bool ComparedWithRecord, IReadOnlyList<VerifiedVolume> Volumes);
}
