using Amazon.Runtime;
using ImageBackup.Core.ObjectStorage.Calls;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>
/// Sends a request again only if the store refuses its time: signed with the store's own time, which its answer tells. The SDK keeps the difference for the
/// store's later requests. <see cref="StoreRetries"/> repeats requests for all other reasons.
/// </summary>
internal sealed partial class ClockPolicy(string endpoint, ILogger logger) : RetryPolicy
{
    public override bool CanRetry(IExecutionContext executionContext) => executionContext.RequestContext.Request.IsRequestStreamRewindable();

    public override bool RetryForException(IExecutionContext executionContext, Exception exception) => false;

    public override Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) => Task.FromResult(false);

    public override bool RetryLimitReached(IExecutionContext executionContext) => executionContext.RequestContext.Retries > 0;

    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity)
    {
        var difference = CorrectClockSkew.GetClockCorrectionForEndpoint(executionContext.RequestContext.Request.Endpoint.ToString());
        LogClock(logger, endpoint, difference.TotalSeconds);
        return true;
    }

    public override void WaitBeforeRetry(IExecutionContext executionContext)
    {
    }

    public override Task WaitBeforeRetryAsync(IExecutionContext executionContext) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "The clock of this machine is wrong, or that of the store {Endpoint}: they differ by {Seconds:0} s. Requests are signed with the store's time")]
    private static partial void LogClock(ILogger logger, string endpoint, double seconds);
}
