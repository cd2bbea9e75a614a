using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Transfer;

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
        var upload = new ObjectUpload
        {
            Bucket = await buckets.ResolveAsync(state.ProjectId, state.Bucket, cancellationToken),
            Key = state.OvaName,
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
        await backups.SetFactsAsync(state.BackupId, RecordObject, cancellationToken);
        return null;
    }

    public override async Task RevertAsync(CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(state.ProjectId, state.Bucket, cancellationToken);
        await transfer.AbandonUploadAsync(bucket, state.OvaName, cancellationToken);
        state.Resume = null;
        if (state.FormerBucket != state.Bucket)
        {
            await transfer.DeleteAsync(bucket, state.OvaName, cancellationToken);
            await backups.SetFactsAsync(state.BackupId, ForgetObject, cancellationToken);
        }
    }

    private void RecordObject(BackupRecord backup)
    {
        backup.CosBucket = state.Bucket;
        backup.CosObject = state.OvaName;
        backup.OwnsObject = true;
    }

    private void ForgetObject(BackupRecord backup)
    {
        backup.CosBucket = state.FormerBucket ?? backup.CosBucket;
        backup.CosObject = state.FormerObject;
        backup.OwnsObject = state.FormerObject is not null;
    }
}
