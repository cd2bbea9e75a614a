using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>The live figures of one task. The task writes them while the progress document reads them.</summary>
public sealed class RunningTask(string name, long expectedBytes, TimeProvider time)
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);
    private long bytesDone;
    private long bytesTotal = expectedBytes;
    private readonly RateWindow rate = new(time);
    private long lastSave = time.GetTimestamp();

    public string Name => name;

    public TaskState State { get; set; } = TaskState.Pending;

    public long BytesDone
    {
        get => Interlocked.Read(ref bytesDone);
        init => bytesDone = value;
    }

    public long BytesTotal
    {
        get => Interlocked.Read(ref bytesTotal);
        set => Interlocked.Exchange(ref bytesTotal, value);
    }

    /// <summary>The rate of the last seconds; null before it is known.</summary>
    public double? BytesPerSecond => rate.BytesPerSecond();

    /// <summary>When the last bytes were reported, UTC; null if this process has reported none.</summary>
    public DateTime? MovedAt => rate.MovedAt;

    /// <summary>0 to 1. A task that succeeded is 1, whatever its bytes.</summary>
    public double Fraction => State == TaskState.Success ? 1 : BytesTotal <= 0 ? 0 : Math.Clamp((double)BytesDone / BytesTotal, 0, 1);

    /// <summary>The expected bytes and 1 MiB, so that bookkeeping also moves the progress.</summary>
    public long Weight { get; } = expectedBytes + (1 << 20);

    /// <summary>Sets the bytes done so far.</summary>
    public void Report(long bytes)
    {
        Interlocked.Exchange(ref bytesDone, bytes);
        rate.Add(bytes);
    }

    /// <summary>Returns the figures of the task.</summary>
    public TaskProgress Describe()
    {
        var (done, total, perSecond) = (BytesDone, BytesTotal, State == TaskState.Running ? BytesPerSecond : null);
        return new TaskProgress
        {
            Name = name,
            State = State,
            BytesDone = State == TaskState.Success ? total : done,
            BytesTotal = total,
            BytesPerSecond = (long?)perSecond,
            EtaSeconds = perSecond > 0 ? (long)Math.Ceiling(Math.Max(0, total - done) / perSecond.Value) : null,
            MovedAt = State == TaskState.Running ? MovedAt : null,
            Attempt = 1,
        };
    }

    /// <summary>Returns true at most once per second, to limit writes to the database.</summary>
    public bool IsSaveDue()
    {
        if (time.GetElapsedTime(lastSave) < SaveInterval)
        {
            return false;
        }

        lastSave = time.GetTimestamp();
        return true;
    }
}
