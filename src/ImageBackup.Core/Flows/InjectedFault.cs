using System.Collections.Concurrent;
using System.Diagnostics;

namespace ImageBackup.Core.Flows;

/// <summary>What an injected fault does to a task.</summary>
public enum FaultAction
{
    /// <summary>The task fails with the fault's message.</summary>
    Fail,

    /// <summary>The task hangs until it is stopped or the fault is removed.</summary>
    Stall,

    /// <summary>The task goes no faster than <c>bytes_per_second</c>.</summary>
    Throttle,

    /// <summary>The process ends at once, as by SIGKILL.</summary>
    Exit,
}

/// <summary>One fault: which tasks, when, what, how often.</summary>
public sealed class InjectedFault(int id, string task, double at, FaultAction action, long bytesPerSecond, int times, string message)
{
    private readonly ConcurrentDictionary<string, (long Time, long Bytes)> throttled = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = times;

    public int Id => id;

    /// <summary>Glob over task names: <c>*</c> and <c>?</c>.</summary>
    public string Task => task;

    /// <summary>0 (before the work) to 1 (after it, before it is recorded).</summary>
    public double At => at;

    public FaultAction Action => action;

    /// <summary>For <see cref="FaultAction.Throttle"/>.</summary>
    public long BytesPerSecond => bytesPerSecond;

    /// <summary>How often it may strike; throttling is not counted.</summary>
    public int Times { get; } = times;

    /// <summary>How often it may strike still.</summary>
    public int Left => Volatile.Read(ref left);

    public string Message => message;

    /// <summary>Lets what stalls go on.</summary>
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
            await StrikeAsync(cancellationToken);
        }
    }

    private async ValueTask StrikeAsync(CancellationToken cancellationToken)
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

/// <summary>What a task fails with where a fault told it to.</summary>
public sealed class InjectedFaultException(string message) : Exception(message);
