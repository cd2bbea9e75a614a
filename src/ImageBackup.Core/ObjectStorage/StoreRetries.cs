using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Tries a call again while the store is unavailable: exponential backoff, scattered so that parts don't come back all at once.</summary>
internal sealed partial class StoreRetries(CosOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>Runs <paramref name="attempt"/> until it succeeds, fails for good, or has failed <see cref="CosOptions.MaxAttempts"/> times.</summary>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt(cancellationToken);
            }
            catch (ObjectStoreException failure) when (failure.Fault == ObjectStoreFault.Unavailable && number < options.MaxAttempts)
            {
                var delay = DelayAfter(number);
                LogRetry(logger, what, number, options.MaxAttempts, delay.TotalSeconds, failure.Message);
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(string what, Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
        => RunAsync(
            what,
            async token =>
            {
                await attempt(token);
                return true;
            },
            cancellationToken);

    private TimeSpan DelayAfter(int number)
    {
        var full = Math.Min(LongestDelay.TotalSeconds, options.RetryDelaySeconds * Math.Pow(2, number - 1));
        return TimeSpan.FromSeconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What}: attempt {Number} of {Attempts} failed, next in {Seconds:0.0} s: {Reason}")]
    private static partial void LogRetry(ILogger logger, string what, int number, int attempts, double seconds, string reason);
}
