using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ImageBackup.Core.ObjectStorage.Calls;

/// <summary>Repeats requests while the store is unavailable. The delays grow exponentially and are randomized, so that parts do not return all at once.</summary>
internal static partial class StoreRetries
{
    private const double LongestDelaySeconds = 30;

    public static ResiliencePipeline Create(CosOptions options, TimeProvider time, ILogger logger)
        => options.MaxAttempts == 1
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { TimeProvider = time }
                .AddRetry(new RetryStrategyOptions
                {
                    ShouldHandle = new PredicateBuilder().Handle<ObjectStoreException>(failure => failure.Error == ObjectStoreError.Unavailable),
                    MaxRetryAttempts = options.MaxAttempts - 1,
                    DelayGenerator = failed => new(DelayAfter(failed.AttemptNumber, options)),
                    OnRetry = failed =>
                    {
                        LogRetry(logger, failed.AttemptNumber + 1, options.MaxAttempts, failed.RetryDelay.TotalSeconds, failed.Outcome.Exception!.Message);
                        return default;
                    },
                })
                .Build();

    /// <summary>Returns between half of the full delay and the full delay; attempts are counted from 0.</summary>
    private static TimeSpan? DelayAfter(int attempt, CosOptions options)
    {
        var full = Math.Min(LongestDelaySeconds, options.RetryDelaySeconds * Math.Pow(2, attempt));
        return TimeSpan.FromSeconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    [LoggerMessage(LogLevel.Warning, "Attempt {Number} of {Attempts} failed; the next one starts in {Seconds:0.0} s: {Reason}")]
    private static partial void LogRetry(ILogger logger, int number, int attempts, double seconds, string reason);
}
