namespace ImageBackup.Core.Flows;

/// <summary>What one log book does: its flows, and the state they share, kept in the database from task to task.</summary>
public abstract class FlowOperation
{
    /// <summary>The flows in run order, with their share of the whole work in bytes.</summary>
    public abstract IReadOnlyList<PlannedFlow> Flows { get; }

    /// <summary>Builds a flow when its turn comes; the same state gives the same tasks.</summary>
    public abstract Flow Build(string flowName);

    /// <summary>The state as JSON, as it is to be found after a restart.</summary>
    public abstract string SaveState();

    /// <summary>Removes what no task owns (scratch files); runs at the end, whichever it is, and is safe twice.</summary>
    public virtual Task CleanUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A flow to come and its weight in the progress.</summary>
public sealed record PlannedFlow(string Name, long Weight);
