using System.Collections.Concurrent;
using System.Diagnostics;

namespace ImageBackup.Core.Flows;

/// <summary>The effect of an injected fault.</summary>
public enum FaultAction
{
    /// <summary>The task fails with the fault's message.</summary>
    Fail,

    /// <summary>The task waits until it is stopped or the fault is removed.</summary>
    Stall,

    /// <summary>The task processes at most <c>bytes_per_second</c>.</summary>
    Throttle,

    /// <summary>The process ends at once, as after SIGKILL.</summary>
    Exit,
}

/// <summary>One injected fault.</summary>
public sealed class InjectedFault(int id, string task, double at, FaultAction action, long bytesPerSecond, int times, string message)
{
    private readonly ConcurrentDictionary<string, (long Time, long Bytes)> throttled = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = times;

    public int Id => id;

    /// <summary>A pattern for task names with <c>*</c> and <c>?</c>.</summary>
    public string Task => task;

    /// <summary>The fraction of the task's work: 0 is before the work, 1 is after it and before its result is recorded.</summary>
    public double At => at;

    public FaultAction Action => action;

    /// <summary>The limit of <see cref="FaultAction.Throttle"/>.</summary>
    public long BytesPerSecond => bytesPerSecond;

    /// <summary>How many times the fault applies. <see cref="FaultAction.Throttle"/> has no limit.</summary>
    public int Times { get; } = times;

    /// <summary>How many times the fault still applies.</summary>
    public int Left => Volatile.Read(ref left);

    public string Message => message;

    /// <summary>Lets stalled tasks continue.</summary>
    internal void Remove() => removed.TrySetResult();

    internal async ValueTask PassAsync(string taskName, double fraction, long bytesDone, TimeProvider time, CancellationToken cancellationToken)
    {
        if (fraction < at)
        {
            return;
        }

        if (action == FaultAction.Throttle)
        {
            await ThrottleAsync(taskName, bytesDone, time, cancellationToken);
        }
        else if (Interlocked.Decrement(ref left) >= 0)
        {
            await ApplyAsync(cancellationToken);
        }
    }

    private async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        switch (action)
        {
            case FaultAction.Fail:
                throw new InjectedFaultException(message);
            case FaultAction.Exit:
                Process.GetCurrentProcess().Kill();
                break;
            default:
                await removed.Task.WaitAsync(cancellationToken);
                break;
        }
    }

    private async ValueTask ThrottleAsync(string taskName, long bytesDone, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = throttled.GetOrAdd(taskName, _ => (time.GetTimestamp(), bytesDone));
        var due = TimeSpan.FromSeconds((bytesDone - start.Bytes) / (double)bytesPerSecond);
        var early = due - time.GetElapsedTime(start.Time);
        if (early > TimeSpan.Zero)
        {
            await System.Threading.Tasks.Task.Delay(early, time, cancellationToken);
        }
    }
}

/// <summary>The failure of a task because of <see cref="FaultAction.Fail"/>.</summary>
public sealed class InjectedFaultException(string message) : Exception(message);
