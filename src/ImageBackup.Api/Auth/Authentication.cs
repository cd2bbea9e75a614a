using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Authorization;

namespace ImageBackup.Api.Auth;

/// <summary>
/// Finds out who sent a request and refuses it with 401 where nobody vouches for the sender, before anything says whether the route exists. Open are
/// the routes that say so (discovery, health, log-in) and the files of the pages, which hold nothing of the installation.
/// </summary>
internal sealed class Authentication(RequestDelegate next, ICallerSource source)
{
    /// <summary>keystonemiddleware's words; missing, unknown, expired and revoked tokens look the same.</summary>
    public const string Required = "The request you have made requires authentication.";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsOpen(context))
        {
            var caller = await source.FindAsync(context, context.RequestAborted)
                ?? throw new HttpFaultException(StatusCodes.Status401Unauthorized, Required);
            context.Features.Set(caller);
        }

        await next(context);
    }

    private static bool IsOpen(HttpContext context)
        => context.GetEndpoint() is { } endpoint
            ? endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            : context.Request.Path.StartsWithSegments("/ui") || context.Request.Path.StartsWithSegments("/swagger");
}
