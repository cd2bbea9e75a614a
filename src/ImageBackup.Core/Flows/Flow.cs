namespace ImageBackup.Core.Flows;

/// <summary>A named list of tasks in run order.</summary>
/// <param name="Name">TaskFlow's flow name, such as <c>ExportFlow</c>.</param>
/// <param name="Tasks">In run order; reverted newest first.</param>
public sealed record Flow(string Name, IReadOnlyList<FlowTask> Tasks)
{
    /// <summary>The chains that <see cref="Tasks"/> begins with: a chain's own tasks run in order, chains run side by side (TaskFlow's unordered flow of linear ones). What follows waits for all of them.</summary>
    public IReadOnlyList<IReadOnlyList<FlowTask>> Chains { get; private init; } = [];

    /// <summary>How many chains may run at the same time.</summary>
    public int ChainsAtOnce { get; private init; } = 1;

    /// <summary>True where the flow's results stand once it has succeeded, whatever a later flow of the log book does.</summary>
    public bool StandsOnceDone { get; init; }

    /// <summary>A flow of chains, and of tasks that need them all.</summary>
    public static Flow OfChains(string name, IReadOnlyList<IReadOnlyList<FlowTask>> chains, int atOnce, IReadOnlyList<FlowTask> then)
        => new(name, [.. chains.SelectMany(chain => chain), .. then]) { Chains = chains, ChainsAtOnce = Math.Max(1, atOnce) };
}
