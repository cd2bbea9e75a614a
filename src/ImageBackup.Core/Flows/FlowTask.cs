namespace ImageBackup.Core.Flows;

/// <summary>
/// One step of a flow (TaskFlow's task). <see cref="ExecuteAsync"/> is safe to call again after a crash: it first removes what an earlier attempt
/// left. <see cref="RevertAsync"/> undoes a complete or partial attempt and is safe to call twice.
/// </summary>
public abstract class FlowTask
{
    /// <summary>The wire name. It is unique in the log book and the same after every restart.</summary>
    public abstract string Name { get; }

    /// <summary>The bytes that the task expects to process: its weight in the progress. Zero for bookkeeping.</summary>
    public virtual long ExpectedBytes => 0;

    /// <summary>
    /// True if a power failure after the task may lose its result, so that the task runs again. The next task must not destroy anything that this one needs
    /// before it has changed the database itself.
    /// </summary>
    public virtual bool MayRunAgain => false;

    /// <summary>Replaces the phase of the flow while this task runs, for a flow that begins with the work of another flow.</summary>
    public FlowPhase? Phase { get; init; }

    /// <summary>Does the work. Returns the task's result for the progress document, or null.</summary>
    public abstract Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken);

    /// <summary>Undoes the work. The token limits the time; a stopped operation has not canceled it.</summary>
    public virtual Task RevertAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
