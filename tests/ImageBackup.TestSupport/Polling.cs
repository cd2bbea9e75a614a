using System.Diagnostics;

namespace ImageBackup.TestSupport;

/// <summary>Waits by polling, with a deadline.</summary>
public static class Polling
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Polls until there is a result.</summary>
    /// <exception cref="TimeoutException">The deadline passed. The message names the awaited condition.</exception>
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

    /// <summary>Polls until the condition is true.</summary>
    public static Task UntilAsync(string what, Func<Task<bool>> isSo)
        => ForAsync(what, async () => await isSo() ? what : null);
}
