using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Download;

/// <summary>A download to a node: (1) fetch the archive.</summary>
public sealed class DownloadFlow(DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer)
{
    public Flow Build(DownloadState state) => new(BackupNames.DownloadFlow, [Fetch(state)]);

    /// <summary>The task alone, for an import that begins with it.</summary>
    public FlowTask Fetch(DownloadState state) => new DownloadOvaTask(state, paths, backups, buckets, transfer);
}
