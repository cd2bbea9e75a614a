namespace ImageBackup.Core.Flows;

/// <summary>A log book that a worker has in hand: how to stop it and how far it is.</summary>
public sealed class RunningBook(string id, CancellationToken hostStopping) : IDisposable
{
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(hostStopping);
    private readonly Lock gate = new();
    private readonly List<RunningFlow> flows = [];
    private int progress;
    private bool isOver;

    public string Id => id;

    /// <summary>Why the work was told to stop; null where the host itself stops.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Ends with the host or with <see cref="Stop"/>.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>0 to 99 while running; never falls.</summary>
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

    /// <summary>Tells the work to stop and be reverted.</summary>
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

    /// <summary>Adds the flows to come, in run order.</summary>
    public void Plan(IReadOnlyList<PlannedFlow> planned)
    {
        lock (gate)
        {
            flows.AddRange(planned.Select(flow => new RunningFlow(flow.Name, flow.Weight)));
        }
    }

    /// <summary>Puts the tasks of a flow in place once it is built.</summary>
    public void Begin(string flowName, IReadOnlyList<RunningTask> tasks)
    {
        lock (gate)
        {
            flows.Single(flow => flow.Name == flowName).Tasks = tasks;
        }
    }

    /// <summary>The live figures of a task; null where its flow was not begun here.</summary>
    public RunningTask? Find(string taskName)
    {
        lock (gate)
        {
            return flows.SelectMany(flow => flow.Tasks).FirstOrDefault(task => task.Name == taskName);
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
