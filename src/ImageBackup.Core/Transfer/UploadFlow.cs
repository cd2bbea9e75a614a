using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Transfer;

/// <summary>An upload: (1) upload the archive; (2) where it has moved from another bucket, delete the copy there.</summary>
public sealed class UploadFlow(DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer)
{
    public Flow Build(UploadState state)
    {
        var tasks = new List<FlowTask> { new UploadOvaTask(state, paths, backups, buckets, transfer) };
        if (state.FormerObject is not null && state.FormerBucket != state.Bucket)
        {
            tasks.Add(new DeleteFormerObjectTask(state, buckets, transfer));
        }

        return new Flow(BackupNames.UploadFlow, tasks);
    }
}
