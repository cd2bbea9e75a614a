using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>The live figures of one task, read by the progress document while the task writes them.</summary>
public sealed class RunningTask(string name, long expectedBytes, TimeProvider time)
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);
    private long bytesDone;
    private long bytesTotal = expectedBytes;
    private long lastSave = time.GetTimestamp();

    public string Name => name;

    public TaskState State { get; set; } = TaskState.Pending;

    public long BytesDone
    {
        get => Interlocked.Read(ref bytesDone);
        set => Interlocked.Exchange(ref bytesDone, value);
    }

    public long BytesTotal
    {
        get => Interlocked.Read(ref bytesTotal);
        set => Interlocked.Exchange(ref bytesTotal, value);
    }

    /// <summary>0 to 1; a finished task is 1 whatever its bytes.</summary>
    public double Fraction => State == TaskState.Success ? 1 : BytesTotal <= 0 ? 0 : Math.Clamp((double)BytesDone / BytesTotal, 0, 1);

    /// <summary>A little for the task itself, so that bookkeeping moves the bar too, and its bytes.</summary>
    public long Weight { get; } = expectedBytes + (1 << 20);

    /// <summary>True at most once a second: the database needs no more.</summary>
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
