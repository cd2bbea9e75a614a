namespace ImageBackup.Api.Http;

/// <summary>A refusal with a status that only HTTP has, such as 401, 406, 413 or 415. Its message is safe to show.</summary>
internal sealed class HttpErrorException(int statusCode, string message) : Exception(message)
{
    /// <summary>The status code of the response.</summary>
    public int StatusCode => statusCode;
}
