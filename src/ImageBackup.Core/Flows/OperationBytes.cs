using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>The figures of an operation: those of its tasks together.</summary>
/// <param name="Done">Bytes that the tasks have processed.</param>
/// <param name="Total">Bytes of the tasks so far. It grows when a flow begins, because only then its tasks are known.</param>
/// <param name="PerSecond">The rate of the running tasks together; null if none has one.</param>
/// <param name="EtaSeconds">Seconds until the tasks so far end, at the present rate, and not less than for one of them; null if there is no rate.</param>
/// <param name="MovedAt">When a running task has last processed data, UTC; null if none has.</param>
public sealed record OperationBytes(long Done, long Total, long? PerSecond, long? EtaSeconds, DateTime? MovedAt)
{
    public static OperationBytes Of(IReadOnlyList<TaskProgress> tasks)
    {
        var (done, total) = (tasks.Sum(task => task.BytesDone), tasks.Sum(task => task.BytesTotal));
        var running = tasks.Where(task => task.State == TaskState.Running).ToList();
        long? rate = running.Exists(task => task.BytesPerSecond is not null) ? running.Sum(task => task.BytesPerSecond ?? 0) : null;
        var isEstimated = rate > 0 && running.TrueForAll(task => task.BytesTotal == 0 || task.EtaSeconds is not null);
        var rest = isEstimated ? (Math.Max(0, total - done) + rate!.Value - 1) / rate.Value : 0;
        return new OperationBytes(done, total, rate, isEstimated ? Math.Max(rest, running.Max(task => task.EtaSeconds ?? 0)) : null, running.Max(task => task.MovedAt));
    }
}
