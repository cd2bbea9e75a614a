namespace ImageBackup.Core.Flows;

/// <summary>How a log book ended.</summary>
/// <param name="Succeeded">Every flow is SUCCESS.</param>
/// <param name="FailedTask">The task that failed or was stopped; null where none had begun.</param>
/// <param name="Reason">Task, cause and remedy, or why it was stopped; null on success.</param>
public sealed record FlowOutcome(bool Succeeded, FlowTask? FailedTask, string? Reason)
{
    public static readonly FlowOutcome Success = new(true, null, null);
}
