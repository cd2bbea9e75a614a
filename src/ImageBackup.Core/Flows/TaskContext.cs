namespace ImageBackup.Core.Flows;

/// <summary>What a running task may tell the engine: bytes done, and that its state is worth keeping.</summary>
public sealed class TaskContext(RunningTask running, FaultInjector faults, Action<long, long> count, Func<CancellationToken, Task> saveState, Func<CancellationToken, Task> saveProgress)
{
    /// <summary>The task's place in its flow.</summary>
    public string TaskName => running.Name;

    /// <summary>Says how many bytes there really are; the first guess was the task's own.</summary>
    public void SetTotal(long bytes) => running.BytesTotal = bytes;

    /// <summary>Says how many bytes are done so far. Shaped as <c>OvaProgress</c>, so that the data path can call it; an injected fault may slow it down or throw.</summary>
    public async ValueTask ReportAsync(long bytesDone, CancellationToken cancellationToken)
    {
        count(running.BytesDone, bytesDone);
        running.BytesDone = bytesDone;
        await faults.PassAsync(running.Name, running.Fraction, bytesDone, cancellationToken);
        if (running.IsSaveDue())
        {
            await saveProgress(cancellationToken);
        }
    }

    /// <summary>Writes the operation's state to the database now, before the task ends, so that a restart finds it.</summary>
    public Task SaveStateAsync(CancellationToken cancellationToken) => saveState(cancellationToken);
}
