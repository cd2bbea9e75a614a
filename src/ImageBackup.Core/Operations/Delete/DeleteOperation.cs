using System.Text.Json;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Delete;

/// <summary>A deletion: (1) the object in its bucket, (2) the archive on its node; the record goes with the end of the flow.</summary>
public sealed class DeleteOperation(DeleteState state, DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer) : FlowOperation
{
    public override IReadOnlyList<PlannedFlow> Flows => [new(BackupNames.DeleteFlow, 1)];

    public override Flow Build(string flowName)
    {
        var tasks = new List<FlowTask>();
        if (state.Bucket is not null && state.ObjectKey is not null)
        {
            tasks.Add(new DeleteObjectTask(state, buckets, transfer));
        }

        if (state.OvaName is not null)
        {
            tasks.Add(new DeleteOvaTask(state, paths, backups));
        }

        return new Flow(BackupNames.DeleteFlow, tasks);
    }

    public override string SaveState() => JsonSerializer.Serialize(state, FlowJson.Options);
}
