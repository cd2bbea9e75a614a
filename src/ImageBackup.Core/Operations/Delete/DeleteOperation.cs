using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Delete;

/// <summary>A deletion. DeleteFlow: (1) delete the object in its bucket, (2) delete the archive on its node. The end of the flow removes the record.</summary>
internal sealed class DeleteOperation(DeleteState state, DataPaths paths, BackupStore backups, BucketResolver buckets) : FlowOperation<DeleteState>(state)
{
    public override OperationFigures Figures => new(State.OvaName, null, State.OvaSize);

    public override IReadOnlyList<Flow> Flows => [new(BackupNames.DeleteFlow, 1, new(BackupStatus.Deleting, BackupStatus.Error), () => new(Tasks()))];

    private List<FlowTask> Tasks()
    {
        var tasks = new List<FlowTask>();
        if (State.Bucket is not null && State.ObjectKey is not null)
        {
            tasks.Add(new DeleteObjectTask(State, buckets));
        }

        if (State.OvaName is not null)
        {
            tasks.Add(new DeleteOvaTask(State, paths, backups));
        }

        return tasks;
    }
}
