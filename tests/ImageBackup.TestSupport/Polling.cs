using System.Diagnostics;

namespace ImageBackup.TestSupport;

/// <summary>Waiting is looking again until a deadline.</summary>
public static class Polling
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks until there is something to see.</summary>
    /// <exception cref="TimeoutException">The deadline has passed; the message says what was waited for.</exception>
    public static async Task<T> ForAsync<T>(string what, Func<Task<T?>> look)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Deadline)
        {
            if (await look() is { } seen)
            {
                return seen;
            }

            await Task.Delay(Interval);
        }

        throw new TimeoutException($"Waited {Deadline.TotalSeconds} s for {what}.");
    }

    /// <summary>Looks until it is so.</summary>
    public static Task UntilAsync(string what, Func<Task<bool>> isSo)
        => ForAsync(what, async () => await isSo() ? what : null);
}
