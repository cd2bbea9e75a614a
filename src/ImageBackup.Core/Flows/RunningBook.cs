namespace ImageBackup.Core.Flows;

/// <summary>A log book that runs in this process: its stop signal and its live progress.</summary>
public sealed class RunningBook(string id, CancellationToken hostStopping) : IDisposable
{
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(hostStopping);
    private readonly Lock gate = new();
    private readonly List<RunningFlow> flows = [];
    private int progress;
    private bool isOver;

    public string Id => id;

    /// <summary>Why the operation was stopped; null if only the host stops.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Canceled by the host or by <see cref="Stop"/>.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>0 to 99. It never falls.</summary>
    public int Progress
    {
        get
        {
            lock (gate)
            {
                return progress = Math.Max(progress, Compute());
            }
        }
    }

    /// <summary>Stops the tasks. The engine then reverts them.</summary>
    public void Stop(string reason)
    {
        lock (gate)
        {
            StopReason ??= reason;
            if (!isOver)
            {
                stop.Cancel();
            }
        }
    }

    /// <summary>Adds the flows of the operation, in run order.</summary>
    public void Plan(IReadOnlyList<Flow> planned)
    {
        lock (gate)
        {
            flows.AddRange(planned.Select(flow => new RunningFlow(flow.Name, flow.Weight)));
        }
    }

    /// <summary>Adds the tasks of a flow that begins.</summary>
    public void Begin(string flowName, IReadOnlyList<RunningTask> tasks)
    {
        lock (gate)
        {
            flows.Single(flow => flow.Name == flowName).Tasks = tasks;
        }
    }

    /// <summary>Returns the live figures of a task; null if its flow has not begun in this process.</summary>
    public RunningTask? Find(string taskName)
    {
        lock (gate)
        {
            return flows.SelectMany(flow => flow.Tasks).FirstOrDefault(task => task.Name == taskName);
        }
    }

    /// <summary>Returns the figures of the tasks of the flows that have begun in this process.</summary>
    public OperationBytes Bytes()
    {
        lock (gate)
        {
            return OperationBytes.Of([.. flows.SelectMany(flow => flow.Tasks).Select(task => task.Describe())]);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            stop.Dispose();
        }
    }

    private int Compute()
    {
        double total = Math.Max(1, flows.Sum(flow => flow.Weight));
        var done = flows.Sum(flow => flow.Weight * flow.Fraction);
        return (int)Math.Clamp(100 * done / total, 0, 99);
    }

    private sealed class RunningFlow(string name, long weight)
    {
        public string Name => name;

        public double Weight => weight;

        public IReadOnlyList<RunningTask> Tasks { get; set; } = [];

        public double Fraction => Tasks.Count == 0 ? 0 : Tasks.Sum(task => task.Weight * task.Fraction) / Tasks.Sum(task => (double)task.Weight);
    }
}
