using System.Globalization;
using ImageBackup.Core.Errors;
using ImageBackup.Identity.Tokens;
using Microsoft.AspNetCore.Diagnostics;

namespace ImageBackup.Api.Http;

/// <summary>The one place where an exception becomes an answer: refusals keep their message, everything else is a 500 without detail.</summary>
internal sealed partial class FaultHandler(ILogger<FaultHandler> logger) : IExceptionHandler
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
            HttpFaultException fault => (fault.StatusCode, fault.Message),
            LogInRefusedException refusal => (refusal.RetryAfter is null ? 401 : 429, refusal.Message),
            BadHttpRequestException { StatusCode: 413 } => (413, BodyLimit.Message),
            BadHttpRequestException bad => (bad.StatusCode, "Malformed request: " + bad.Message),
            _ => (500, FaultBody.Generic500),
        };
        if (statusCode == 500)
        {
            LogUnexpected(httpContext.Request.Method, httpContext.Request.Path, exception);
        }

        if (exception is LogInRefusedException { RetryAfter: { } wait })
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        await FaultBody.WriteAsync(httpContext, statusCode, message, cancellationToken);
        return true;
    }

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.BadRequest => 400,
        ErrorKind.Forbidden => 403,
        ErrorKind.NotFound => 404,
        ErrorKind.Conflict => 409,
        ErrorKind.OverLimit => 413,
        ErrorKind.NotImplemented => 501,
        ErrorKind.Unavailable => 503,
        _ => 500,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private partial void LogUnexpected(string method, string path, Exception exception);
}
