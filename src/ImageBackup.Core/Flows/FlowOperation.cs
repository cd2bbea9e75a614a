using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>The work of one log book: flows, and the state that their tasks share.</summary>
public abstract class FlowOperation
{
    /// <summary>The flows in run order.</summary>
    public abstract IReadOnlyList<Flow> Flows { get; }

    /// <summary>The space that is reserved while the operation waits and runs.</summary>
    public virtual IReadOnlyList<SpaceNeed> Space => [];

    /// <summary>What the operation moved. Complete after its end.</summary>
    public virtual OperationFigures Figures => new(null, null, null);

    /// <summary>The <c>backup_node_id</c> of the node that the operation reads or writes; null for none.</summary>
    public virtual string? Node => null;

    /// <summary>Returns the state as JSON. The log book keeps it, so that a restart resumes with it.</summary>
    public abstract string SaveState();

    /// <summary>Removes files that belong to no task. Runs when the operation ends, and possibly twice.</summary>
    public virtual Task CleanUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>An operation whose state is a <typeparamref name="TState"/>.</summary>
public abstract class FlowOperation<TState>(TState state) : FlowOperation
    where TState : class
{
    protected TState State => state;

    public sealed override string? Node => (state as INodeState)?.BackupNodeId;

    public sealed override string SaveState() => StoredJson.Write(state);
}
