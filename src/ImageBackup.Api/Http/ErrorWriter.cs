using System.Text.Json;
using ImageBackup.Identity.Tokens;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageBackup.Api.Http;

/// <summary>Writes errors in Cinder's shape, and in Keystone's shape for 401 and the embedded Keystone.</summary>
internal static class ErrorWriter
{
    /// <summary>The member that holds an error in Keystone's shape.</summary>
    public const string KeystoneKey = "error";

    /// <summary>Cinder's message for an unexpected exception.</summary>
    public const string UnexpectedError = "The server has either erred or is incapable of performing the requested operation.";

    /// <summary>Writes an error. The response must not have started.</summary>
    public static Task WriteAsync(HttpContext context, int statusCode, string message, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = "application/json";
        if (statusCode == StatusCodes.Status413PayloadTooLarge)
        {
            context.Response.Headers.RetryAfter = "0";
        }

        if (statusCode == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{context.KeystoneUrl()}\"";
        }

        // keystonemiddleware, which guards Cinder, answers 401 in Keystone's shape.
        var body = statusCode == StatusCodes.Status401Unauthorized || context.Request.Path.StartsWithSegments(KeystoneAddress.Path)
            ? new Dictionary<string, object> { [KeystoneKey] = new KeystoneErrorResponse(statusCode, ReasonPhrases.GetReasonPhrase(statusCode), message) }
            : new Dictionary<string, object> { [KeyOf(statusCode)] = new ErrorResponse(statusCode, message) };
        return context.Response.WriteAsync(JsonSerializer.Serialize(body, ApiJson.Options), cancellationToken);
    }

    /// <summary>Writes the error of a response that has only a status. As in Cinder, a wrong method is the same 404 as an unknown route.</summary>
    public static Task WriteForStatusAsync(StatusCodeContext status)
    {
        var context = status.HttpContext;
        var statusCode = context.Response.StatusCode;
        if (statusCode == StatusCodes.Status405MethodNotAllowed)
        {
            statusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.Remove("Allow");
        }

        return WriteAsync(context, statusCode, MessageOf(statusCode), context.RequestAborted);
    }

    /// <summary>Returns the member that holds an error in Cinder's shape.</summary>
    public static string KeyOf(int statusCode) => statusCode switch
    {
        400 => "badRequest",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 or 429 => "overLimit",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    };

    private static string MessageOf(int statusCode) => statusCode switch
    {
        400 => "The server could not comply with the request since it is either malformed or otherwise incorrect.",
        401 => LogInRefusedException.AuthenticationRequired,
        404 => "The resource could not be found.",
        413 => "Request is too large.",
        415 => "Unsupported Content-Type",
        >= 500 => UnexpectedError,
        _ => "The request was refused.",
    };
}
