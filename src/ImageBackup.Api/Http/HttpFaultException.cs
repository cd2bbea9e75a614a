namespace ImageBackup.Api.Http;

/// <summary>A refusal that only HTTP knows (401, 406, 413, 415, 429 and the like); its message is safe to show.</summary>
/// <param name="retryAfter">What <c>Retry-After</c> is to say, where waiting helps.</param>
internal sealed class HttpFaultException(int statusCode, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    /// <summary>The answer's status.</summary>
    public int StatusCode => statusCode;

    /// <summary>How long the client had better wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
