using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.Web;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Scratch;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Download;

/// <summary>Downloads the archive to the node. After a restart it resumes. If the node has the same file, the task only hashes it.</summary>
internal sealed class DownloadOvaTask(DownloadState state, DataPaths paths, BackupStore backups, BucketResolver buckets, WebFiles web, ObjectTransfer transfer) : FlowTask
{
    private readonly string node = paths.BackupNode(state.BackupNodeId);
    private readonly string file = Path.Combine(paths.BackupNode(state.BackupNodeId), state.OvaName);

    public override string Name => BackupNames.DownloadOva(state.BackupId);

    public override long ExpectedBytes => state.Size;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        if (state.WasThere is null)
        {
            state.WasThere = File.Exists(file);
            await context.SaveStateAsync(cancellationToken);
        }

        if (await IsThereAsync(context, cancellationToken))
        {
            await backups.SetFactsAsync(state.BackupId, RecordNode, cancellationToken);
            return null;
        }

        var source = await FindSourceAsync(cancellationToken);
        var sidecar = state.Sha256 is null && source is BucketObject archive ? await FindSidecarAsync(archive, cancellationToken) : null;
        var directory = await RunDirectory.OpenAsync(node, cancellationToken);
        var partial = directory.Continue(Path.GetFileName(ObjectDownload.PartialPathOf(file)), ObjectDownload.PartialPathOf(file));
        var download = new ObjectDownload
        {
            WorkDirectory = Path.GetDirectoryName(partial),
            Source = source,
            FilePath = file,
            Sha256 = state.Sha256 ?? sidecar,
            Resume = state.Resume,
            SaveResume = async (resume, token) =>
            {
                state.Resume = resume;
                await context.SaveStateAsync(token);
            },
        };
        var fetched = await FetchAsync(download, sidecar is not null, context, cancellationToken);
        await backups.SetFactsAsync(state.BackupId, backup => RecordFile(backup, fetched), cancellationToken);
        return null;
    }

    public override async Task RevertAsync(CancellationToken cancellationToken)
    {
        ObjectTransfer.AbandonDownload(file);
        if (state.WasThere == false)
        {
            await RunDirectory.DiscardAsync(node, file, cancellationToken);
        }

        state.Resume = null;
        await backups.SetFactsAsync(state.BackupId, ForgetNode, cancellationToken);
    }

    private async Task<IDownloadSource> FindSourceAsync(CancellationToken cancellationToken)
        => state.SourceUrl is { } url
            ? web.OpenProtected(url)
            : new BucketObject(await buckets.ResolveAsync(state.ProjectId, state.Bucket!, cancellationToken), state.ObjectKey!);

    /// <summary>Returns the digest in the archive's sidecar; null if there is none.</summary>
    private async Task<string?> FindSidecarAsync(BucketObject archive, CancellationToken cancellationToken)
    {
        var scratch = (await RunDirectory.OpenAsync(node, cancellationToken)).NewScratch("sidecar");
        return await Sidecar.FindDigestAsync(archive.Bucket, archive.Key, scratch, cancellationToken);
    }

    private async Task<DownloadedObject> FetchAsync(ObjectDownload download, bool hasSidecar, TaskContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await transfer.DownloadAsync(download, context.ReportAsync, cancellationToken);
        }
        catch (ObjectStoreException damaged) when (hasSidecar && damaged.Error == ObjectStoreError.Damaged)
        {
            throw new ObjectStoreException(damaged.Error, $"{damaged.Message.TrimEnd('.')} by object '{Sidecar.KeyOf(state.ObjectKey!)}'.", damaged);
        }
    }

    private async Task<bool> IsThereAsync(TaskContext context, CancellationToken cancellationToken)
        => state.Sha256 is not null
            && File.Exists(file)
            && new FileInfo(file).Length == state.Size
            && await FileDigest.ComputeAsync(file, context.ReportAsync, cancellationToken) == state.Sha256;

    /// <summary>Records the node of a file that was there, or that an earlier attempt has downloaded.</summary>
    private void RecordNode(BackupRecord backup)
    {
        if (state.WasThere == false || state.BackupNodeId != state.FormerNodeId)
        {
            backup.OwnsFile = state.WasThere == false;
        }

        backup.BackupHost = state.BackupNodeId;
        backup.OvaName = state.OvaName;
    }

    private void ForgetNode(BackupRecord backup)
    {
        backup.OwnsFile = state.FormerOwnsFile ?? backup.OwnsFile;
        backup.BackupHost = state.FormerNodeId ?? backup.BackupHost;
    }

    private void RecordFile(BackupRecord backup, DownloadedObject fetched)
    {
        RecordNode(backup);
        backup.OwnsFile = true;
        backup.OvaSize = fetched.Stored.Size;
        backup.OvaSha256 = fetched.Sha256;
    }
}
