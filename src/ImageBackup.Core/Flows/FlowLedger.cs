using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>The flows and tasks that a run must revert if it fails, and the failure.</summary>
internal sealed class FlowLedger
{
    private readonly Lock gate = new();
    private readonly List<FlowRecord> flows = [];
    private readonly List<BegunTask> tasks = [];
    private BegunTask? failedTask;

    public IReadOnlyCollection<FlowRecord> Flows => flows;

    public IEnumerable<BegunTask> NewestFirst => Enumerable.Reverse(tasks);

    /// <summary>The first failure. Parallel tasks fail too, because it stops them.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The task of the first failure. Without a failure, the task that began last; null if none has begun.</summary>
    public BegunTask? FailedTask => Failure is null ? tasks.LastOrDefault() : failedTask;

    public void Begin(FlowRecord flow) => flows.Add(flow);

    /// <summary>Adds a task, unless it was added because an earlier run began it.</summary>
    public void Begin(BegunTask task)
    {
        lock (gate)
        {
            if (!tasks.Contains(task))
            {
                tasks.Add(task);
            }
        }
    }

    /// <summary>Keeps the first failure.</summary>
    public void Fail(BegunTask? task, Exception failure)
    {
        lock (gate)
        {
            if (Failure is null)
            {
                (failedTask, Failure) = (task, failure);
            }
        }
    }

    /// <summary>Removes a flow whose results stay.</summary>
    public void Keep(FlowRecord flow)
    {
        flows.Remove(flow);
        tasks.RemoveAll(task => task.Flow == flow);
    }
}
