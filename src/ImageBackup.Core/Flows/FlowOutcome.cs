namespace ImageBackup.Core.Flows;

/// <summary>How a log book ended.</summary>
/// <param name="Succeeded">True if every flow is SUCCESS.</param>
/// <param name="FailedTask">The task that failed or was stopped; null if no task had begun.</param>
/// <param name="Phase">The phase of the failed task, or of the flow that could not begin; null if no flow had begun.</param>
/// <param name="Reason">Task, cause and remedy, or why the operation was stopped; null on success.</param>
public sealed record FlowOutcome(bool Succeeded, FlowTask? FailedTask, FlowPhase? Phase, string? Reason)
{
    public static readonly FlowOutcome Success = new(true, null, null, null);
}
