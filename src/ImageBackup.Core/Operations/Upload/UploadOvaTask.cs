using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>Uploads the archive, going on at the next part after a restart. Reverting leaves no object and no open upload.</summary>
internal sealed class UploadOvaTask(UploadState state, DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer) : FlowTask, IBackupPhase
{
    private readonly string file = Path.Combine(paths.BackupNode(state.BackupNodeId), state.OvaName);

    public override string Name => BackupNames.UploadOva(state.BackupId);

    public override long ExpectedBytes => File.Exists(file) ? new FileInfo(file).Length : state.ExpectedBytes ?? 0;

    public BackupStatus StatusWhileRunning => BackupStatus.Uploading;

    public BackupStatus? StatusWhereFailed => BackupStatus.UploadFailed;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var backup = await backups.FindAsync(state.BackupId, cancellationToken) ?? throw BackupStore.NotFound($"{state.BackupId}");
        context.SetTotal(new FileInfo(file).Length);
        var bucket = await buckets.ResolveAsync(state.ProjectId, state.Bucket, cancellationToken);
        if (state.ObjectKey is null)
        {
            state.ObjectKey = await FreeKeyAsync(bucket, cancellationToken);
            await context.SaveStateAsync(cancellationToken);
        }

        // From now on there may be something of ours in the bucket; whoever deletes the backup must know.
        await backups.SetFactsAsync(state.BackupId, RecordObject, cancellationToken);

        var upload = new ObjectUpload
        {
            Bucket = bucket,
            Key = state.ObjectKey,
            FilePath = file,
            Metadata = new BackupMetadata(backup.OvaSha256, $"{backup.Id}", backup.Name, backup.ImageName),
            Resume = state.Resume,
            SaveResume = async (resume, token) =>
            {
                state.Resume = resume;
                await context.SaveStateAsync(token);
            },
        };
        await transfer.UploadAsync(upload, context.ReportAsync, cancellationToken);
        return null;
    }

    public override async Task RevertAsync(CancellationToken cancellationToken)
    {
        if (state.ObjectKey is null)
        {
            return;
        }

        var bucket = await buckets.ResolveAsync(state.ProjectId, state.Bucket, cancellationToken);
        await transfer.AbandonUploadAsync(bucket, state.ObjectKey, cancellationToken);
        state.Resume = null;
        if (!IsReplacement(state.ObjectKey))
        {
            var backup = await backups.FindAsync(state.BackupId, cancellationToken);
            await transfer.DeleteOwnAsync(bucket, state.ObjectKey, backup?.OvaSha256, cancellationToken);
            await backups.SetFactsAsync(state.BackupId, ForgetObject, cancellationToken);
        }
    }

    /// <summary>The archive's name, unless an object has it that this backup has not put there: several services may share a bucket, and their ids begin at 1 alike.</summary>
    private async Task<string> FreeKeyAsync(Bucket bucket, CancellationToken cancellationToken)
    {
        if (state.FormerObject is { } own && state.FormerBucket == state.Bucket)
        {
            return own;
        }

        if (!await transfer.ExistsAsync(bucket, state.OvaName, cancellationToken))
        {
            return state.OvaName;
        }

        return $"{Path.GetFileNameWithoutExtension(state.OvaName)}-{Guid.NewGuid().ToString("N")[..8]}{Path.GetExtension(state.OvaName)}";
    }

    /// <summary>True where the upload replaces the backup's own object.</summary>
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
