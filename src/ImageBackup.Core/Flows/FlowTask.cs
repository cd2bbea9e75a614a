namespace ImageBackup.Core.Flows;

/// <summary>
/// One step of a flow (TaskFlow's task). Executing is safe to start again after a crash: it begins by removing its own
/// leavings. Reverting undoes what executing left, copes with a half-done run, and is safe twice.
/// </summary>
public abstract class FlowTask
{
    /// <summary>The wire name, unique within its log book and the same after every restart.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes this task is expected to handle: its weight in the progress. Zero for bookkeeping.</summary>
    public virtual long ExpectedBytes => 0;

    /// <summary>Does the work and returns the task's result as the progress document shows it, or null.</summary>
    public abstract Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken);

    /// <summary>Undoes the work. The token is bounded in time and is not the one that stopped the work.</summary>
    public virtual Task RevertAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
