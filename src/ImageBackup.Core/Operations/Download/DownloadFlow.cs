using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.Web;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Download;

/// <summary>The flow of a download. The first flow of an import can begin with its task.</summary>
internal sealed class DownloadFlow(DataPaths paths, BackupStore backups, BucketResolver buckets, WebFiles web, ObjectTransfer transfer)
{
    private static readonly FlowPhase Phase = new(BackupStatus.Downloading, BackupStatus.DownloadFailed);

    /// <summary>No later request can repeat a download from a URL: the image backup has no bucket.</summary>
    private static readonly FlowPhase UrlPhase = new(BackupStatus.Downloading, BackupStatus.Error);

    public Flow Of(DownloadState state) => new(BackupNames.DownloadFlow, 1, Phase, () => new([Task(state)]));

    /// <summary>Returns the task with its own phase, for another flow.</summary>
    public FlowTask Task(DownloadState state) => new DownloadOvaTask(state, paths, backups, buckets, web, transfer) { Phase = state.SourceUrl is null ? Phase : UrlPhase };
}
