using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>A named part of an operation, in TaskFlow's sense.</summary>
/// <param name="Name">The flow's wire name, such as <c>ExportFlow</c>.</param>
/// <param name="Weight">The flow's share of the operation's progress, relative to the operation's other flows.</param>
/// <param name="Phase">The status of the image backup while the flow runs and after it fails.</param>
/// <param name="Build">Builds the tasks when the flow begins or resumes. The same state gives the same tasks.</param>
public sealed record Flow(string Name, long Weight, FlowPhase Phase, Func<FlowTasks> Build)
{
    /// <summary>True if the results stay when a later flow of the same operation fails.</summary>
    public bool StandsOnceDone { get; init; }
}

/// <summary>The status that an image backup has because of a flow. The engine passes it to <see cref="IFlowListener"/>.</summary>
/// <param name="WhileRunning">The status while a task of the flow runs.</param>
/// <param name="AfterFailure">The status after the flow fails; null restores the status from before the operation.</param>
public sealed record FlowPhase(BackupStatus WhileRunning, BackupStatus? AfterFailure);

/// <summary>The tasks of a flow: first the chains, several at a time, then the tasks that need all of them.</summary>
/// <param name="Last">The tasks after the chains, in run order.</param>
public sealed record FlowTasks(IReadOnlyList<FlowTask> Last)
{
    /// <summary>Lists of tasks. The tasks of one chain run in order; chains run in parallel.</summary>
    public IReadOnlyList<IReadOnlyList<FlowTask>> Chains { get; init; } = [];

    /// <summary>The most chains that run at the same time.</summary>
    public int ChainsAtOnce { get; init; } = 1;

    /// <summary>Every task, in the order of the progress document.</summary>
    public IReadOnlyList<FlowTask> All => [.. Chains.SelectMany(chain => chain), .. Last];
}
