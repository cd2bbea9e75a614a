using System.Globalization;
using ImageBackup.Core.Errors;
using ImageBackup.Identity.Tokens;
using Microsoft.AspNetCore.Diagnostics;

namespace ImageBackup.Api.Http;

/// <summary>Turns exceptions into error responses. A refusal keeps its message; any other exception is a 500 without detail.</summary>
internal sealed partial class ErrorHandler(ILogger<ErrorHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var (statusCode, message) = exception switch
        {
            BackupException refusal => (StatusOf(refusal.Kind), refusal.Message),
            HttpErrorException error => (error.StatusCode, error.Message),
            LogInRefusedException refusal => (refusal.RetryAfter is null ? 401 : 429, refusal.Message),
            BadHttpRequestException { StatusCode: 413 } => (413, BodyLimit.Message),
            BadHttpRequestException bad => (bad.StatusCode, "Malformed request: " + bad.Message),
            _ when DatabaseErrors.IsUnavailable(exception) => (503, "The database of the service does not answer. Send the request again."),
            _ when DiskErrors.IsFull(exception) => (507, "No space is left on the disk of the service. Free space and send the request again."),
            _ => (500, ErrorWriter.UnexpectedError),
        };
        if (statusCode == 500)
        {
            LogUnexpected(httpContext.Request.Method, httpContext.Request.Path, exception);
        }

        if (exception is LogInRefusedException { RetryAfter: { } wait })
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        await ErrorWriter.WriteAsync(httpContext, statusCode, message, cancellationToken);
        return true;
    }

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.BadRequest => 400,
        ErrorKind.Forbidden => 403,
        ErrorKind.NotFound => 404,
        ErrorKind.Conflict => 409,
        ErrorKind.OverLimit => 413,
        ErrorKind.UnsupportedMedia => 415,
        ErrorKind.NotImplemented => 501,
        ErrorKind.Unavailable => 503,
        _ => 500,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed with an unexpected exception")]
    private partial void LogUnexpected(string method, string path, Exception exception);
}
