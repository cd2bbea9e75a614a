namespace ImageBackup.Api.Http;

/// <summary>A refusal that only HTTP knows (401, 406, 413, 415, 429 and the like); its message is safe to show.</summary>
internal sealed class HttpFaultException(int statusCode, string message) : Exception(message)
{
    /// <summary>The answer's status.</summary>
    public int StatusCode => statusCode;
}
