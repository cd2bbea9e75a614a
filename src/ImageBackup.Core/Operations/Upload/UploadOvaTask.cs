using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Scratch;
using ImageBackup.Core.Settings;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>
/// Uploads the archive, if it still has the recorded digests. After a restart it resumes at the next part. Then stores the
/// archive's sidecar. Reverting removes both objects and the open upload.
/// </summary>
internal sealed class UploadOvaTask(UploadState state, DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer, ArchiveMembers members) : FlowTask
{
    private readonly string file = Path.Combine(paths.BackupNode(state.BackupNodeId), state.OvaName);

    public override string Name => BackupNames.UploadOva(state.BackupId);

    public override long ExpectedBytes => File.Exists(file) ? new FileInfo(file).Length : state.ExpectedBytes ?? 0;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var backup = await backups.FindAsync(state.BackupId, cancellationToken) ?? throw BackupStore.NotFound($"{state.BackupId}");
        context.SetTotal(new FileInfo(file).Length);
        var sha256 = await RequireDigestAsync(backup, cancellationToken);
        var bucket = await buckets.ResolveAsync(state.ProjectId, state.Bucket, cancellationToken);
        if (state.ObjectKey is null)
        {
            state.ObjectKey = await FreeKeyAsync(bucket, cancellationToken);
            await context.SaveStateAsync(cancellationToken);
        }

        // A deletion must find the object, however far the upload gets.
        await backups.SetFactsAsync(state.BackupId, RecordObject, cancellationToken);

        var upload = new ObjectUpload
        {
            Bucket = bucket,
            Key = state.ObjectKey,
            FilePath = file,
            Metadata = new BackupMetadata(sha256, $"{backup.Id}", backup.Name, backup.ImageName),
            Resume = state.Resume,
            SaveResume = async (resume, token) =>
            {
                state.Resume = resume;
                await context.SaveStateAsync(token);
            },
        };
        try
        {
            await transfer.UploadAsync(upload, context.ReportAsync, cancellationToken);
        }
        catch (Exception changed) when (changed is FileChangedException or EndOfStreamException)
        {
            await VerifyMembersAsync(backup, cancellationToken);
            throw new InvalidOvaException($"{state.OvaName}: {changed.Message}", changed);
        }

        var scratch = await NewScratchAsync(cancellationToken);
        await Sidecar.PutAsync(bucket, state.ObjectKey, sha256, scratch, cancellationToken);
        WorkDirectory.Remove(scratch);
        return null;
    }

    public override async Task RevertAsync(CancellationToken cancellationToken)
    {
        if (state.ObjectKey is null)
        {
            return;
        }

        var bucket = await buckets.ResolveAsync(state.ProjectId, state.Bucket, cancellationToken);
        await bucket.AbandonUploadAsync(state.ObjectKey, cancellationToken);
        state.Resume = null;
        if (!IsReplacement(state.ObjectKey))
        {
            var backup = await backups.FindAsync(state.BackupId, cancellationToken);
            await Sidecar.DeleteAsync(bucket, state.ObjectKey, backup?.OvaSha256, cancellationToken);
            await bucket.DeleteOwnAsync(state.ObjectKey, backup?.OvaSha256, cancellationToken);
            await backups.SetFactsAsync(state.BackupId, ForgetObject, cancellationToken);
        }
    }

    private async Task<string> NewScratchAsync(CancellationToken cancellationToken)
        => (await RunDirectory.OpenAsync(paths.BackupNode(state.BackupNodeId), cancellationToken)).NewScratch("upload");

    /// <summary>Returns the recorded SHA-256. An archive that has none yet, after an export or from elsewhere, is hashed and compared with its manifest now.</summary>
    /// <exception cref="InvalidOvaException">The archive is damaged, or has another size than recorded.</exception>
    private async Task<string> RequireDigestAsync(BackupRecord backup, CancellationToken cancellationToken)
    {
        var size = new FileInfo(file).Length;
        if (backup.OvaSize is { } recorded && recorded != size)
        {
            await VerifyMembersAsync(backup, cancellationToken);
            throw new InvalidOvaException($"{state.OvaName}: The file has changed: {recorded} bytes were recorded, found {size}");
        }

        if (backup.OvaSha256 is { } known)
        {
            return known;
        }

        var (digest, check) = (FileDigest.ComputeAsync(file, static (_, _) => ValueTask.CompletedTask, cancellationToken), CheckMembersAsync(backup, cancellationToken));
        await Task.WhenAll(digest, check);
        var sha256 = await digest;
        await backups.SetFactsAsync(state.BackupId, record => record.OvaSha256 = sha256, cancellationToken);
        return sha256;
    }

    /// <summary>Reads the archive while it is hashed. Only an archive that does not match the manifest that its export has recorded is unpacked.</summary>
    private async Task CheckMembersAsync(BackupRecord backup, CancellationToken cancellationToken)
    {
        if (backup.ManifestSha256 is null || !await ArchiveMembers.AreUnchangedAsync(file, await NewScratchAsync(cancellationToken), backup.ManifestSha256, cancellationToken))
        {
            await VerifyMembersAsync(backup, cancellationToken);
        }
    }

    /// <summary>Throws an exception that names the first damaged member, if there is one. An archive in a format that is not read is not compared.</summary>
    private async Task VerifyMembersAsync(BackupRecord backup, CancellationToken cancellationToken)
    {
        var scratch = await NewScratchAsync(cancellationToken);
        try
        {
            await members.VerifyAsync(file, scratch, backup.ReadVolumes(), backup.ManifestSha256, forceRaw: false, static (_, _) => ValueTask.CompletedTask, cancellationToken);
        }
        catch (InvalidOvaException unsupported) when (unsupported.IsUnsupported)
        {
        }

        WorkDirectory.Remove(scratch);
    }

    /// <summary>Returns the archive's name, or a longer one if another object has it or the name of its sidecar. Services that share a bucket use the same ids.</summary>
    private async Task<string> FreeKeyAsync(Bucket bucket, CancellationToken cancellationToken)
    {
        if (state.FormerObject is { } own && state.FormerBucket == state.Bucket)
        {
            return own;
        }

        if (await bucket.FindAsync(state.OvaName, cancellationToken) is null && await Sidecar.FindAsync(bucket, state.OvaName, cancellationToken) is null)
        {
            return state.OvaName;
        }

        var (stem, extension) = ArchiveName.Split(state.OvaName);
        return $"{stem}-{Guid.NewGuid().ToString("N")[..8]}{extension}";
    }

    /// <summary>Returns true if the upload replaces the backup's own object.</summary>
    private bool IsReplacement(string key) => state.FormerBucket == state.Bucket && state.FormerObject == key;

    private void RecordObject(BackupRecord backup)
    {
        backup.CosBucket = state.Bucket;
        backup.CosObject = state.ObjectKey;
        backup.OwnsObject = true;
    }

    private void ForgetObject(BackupRecord backup)
    {
        backup.CosBucket = state.FormerBucket ?? backup.CosBucket;
        backup.CosObject = state.FormerObject;
        backup.OwnsObject = state.FormerObject is not null;
    }
}
