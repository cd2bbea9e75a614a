namespace ImageBackup.Api.Cli.Output;

/// <summary>A step of a command. It receives the bytes done so far.</summary>
internal sealed class WorkStep(WorkProgress progress, string title, long bytes, bool isPlanned) : IProgress<long>
{
    private long size = bytes;
    private bool counts = isPlanned;

    /// <summary>What the step does.</summary>
    public string Title => title;

    /// <summary>Bytes of the step.</summary>
    public long Bytes => counts ? size : 0;

    /// <summary>Bytes done.</summary>
    public long Done { get; private set; }

    /// <summary>Corrects an estimate.</summary>
    public void Resize(long bytes) => (size, Done) = (bytes, Math.Min(Done, bytes));

    /// <summary>Receives the bytes done so far. A step that was estimated too small grows.</summary>
    public void Report(long value)
    {
        counts = true;
        size = Math.Max(size, value);
        Done = value;
        progress.Show(this);
    }

    /// <summary>Receives the bytes done so far, as an <see cref="Ova.OvaProgress"/>.</summary>
    public ValueTask ReportAsync(long bytesDone, CancellationToken cancellationToken)
    {
        Report(bytesDone);
        return ValueTask.CompletedTask;
    }

    /// <summary>Counts the step as done, whatever it has reported.</summary>
    public void End() => Done = Bytes;

    /// <summary>Returns a receiver of a part of the step that begins after <paramref name="offset"/> bytes.</summary>
    public IProgress<long> From(long offset) => new Part(this, offset);

    private sealed class Part(WorkStep step, long offset) : IProgress<long>
    {
        public void Report(long value) => step.Report(offset + value);
    }
}
