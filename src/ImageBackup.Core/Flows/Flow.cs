namespace ImageBackup.Core.Flows;

/// <summary>A named list of tasks in run order.</summary>
/// <param name="Name">TaskFlow's flow name, such as <c>ExportFlow</c>.</param>
/// <param name="Tasks">In run order; reverted newest first.</param>
public sealed record Flow(string Name, IReadOnlyList<FlowTask> Tasks)
{
    /// <summary>True where the flow's results stand once it has succeeded, whatever a later flow of the log book does.</summary>
    public bool StandsOnceDone { get; init; }
}
