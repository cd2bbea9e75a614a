using System.Text.Json;
using ImageBackup.Identity.Tokens;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageBackup.Api.Http;

/// <summary>Writes Cinder's fault bodies: <c>{"itemNotFound":{"code":404,"message":"…"}}</c>, and Keystone's where Keystone answers.</summary>
internal static class FaultBody
{
    /// <summary>What Cinder says where it has nothing better to say.</summary>
    public const string Generic500 = "The server has either erred or is incapable of performing the requested operation.";

    /// <summary>Answers with a fault. The response must not have started.</summary>
    public static Task WriteAsync(HttpContext context, int statusCode, string message)
        => WriteAsync(context, statusCode, message, context.RequestAborted);

    /// <summary>The same where the request's own token may be cancelled already.</summary>
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

        // Keystone's shape is also that of keystonemiddleware, which guards Cinder.
        var body = statusCode == StatusCodes.Status401Unauthorized || context.Request.Path.StartsWithSegments(KeystoneAddress.Path)
            ? new Dictionary<string, object> { ["error"] = new { code = statusCode, title = ReasonPhrases.GetReasonPhrase(statusCode), message } }
            : new Dictionary<string, object> { [KeyOf(statusCode)] = new { code = statusCode, message } };
        return context.Response.WriteAsync(JsonSerializer.Serialize(body, ApiJson.Options), cancellationToken);
    }

    /// <summary>Gives an answer that has only a status its fault body; an unknown route and a wrong method are the same 404, as in Cinder.</summary>
    public static Task WriteForStatusAsync(StatusCodeContext status)
    {
        var context = status.HttpContext;
        var statusCode = context.Response.StatusCode;
        if (statusCode == StatusCodes.Status405MethodNotAllowed)
        {
            statusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.Remove("Allow");
        }

        return WriteAsync(context, statusCode, MessageOf(statusCode));
    }

    private static string KeyOf(int statusCode) => statusCode switch
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
        >= 500 => Generic500,
        _ => "The request was refused.",
    };
}
