namespace ImageBackup.Core.Flows;

/// <summary>Lets a running task report progress and save the operation's state.</summary>
public sealed class TaskContext
{
    private readonly FlowRunContext run;
    private readonly BegunTask task;

    internal TaskContext(FlowRunContext run, BegunTask task) => (this.run, this.task) = (run, task);

    /// <summary>Replaces the expected number of bytes with the real one.</summary>
    public void SetTotal(long bytes) => task.Live.BytesTotal = bytes;

    /// <summary>Reports the bytes done so far; an <c>OvaProgress</c>. An injected fault may delay it or throw.</summary>
    public async ValueTask ReportAsync(long bytesDone, CancellationToken cancellationToken)
    {
        run.Services.Metrics.Processed(task.Task, task.Live.BytesDone, bytesDone);
        task.Live.Report(bytesDone);
        await run.Services.Faults.PassAsync(task.Live.Name, task.Live.Fraction, bytesDone, cancellationToken);
        if (task.Live.IsSaveDue())
        {
            await run.Journal.SaveProgressAsync(run.Book.Id, task.Row, task.Live, run.Running.Progress, cancellationToken);
        }
    }

    /// <summary>Writes the operation's state to the database before the task ends, so that a restart finds it.</summary>
    public Task SaveStateAsync(CancellationToken cancellationToken) => run.Journal.SaveStateAsync(run.Book.Id, run.Operation.SaveState(), cancellationToken);
}
