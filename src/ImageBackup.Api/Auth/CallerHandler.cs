using System.Text.Encodings.Web;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Identity.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary>What the authentication schemes share: one scheme per <c>Auth:Mode</c>, of the same name.</summary>
internal abstract class CallerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Returns true for routes that allow anonymous requests and for the files of the pages, which hold no data of the installation.</summary>
    public static bool IsOpen(HttpContext context)
        => context.GetEndpoint() is { } endpoint
            ? endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            : context.Request.Path.StartsWithSegments("/ui") || context.Request.Path.StartsWithSegments("/swagger");

    /// <summary>Returns the caller of the request. Null if the request has no valid token.</summary>
    protected abstract ValueTask<Caller?> FindCallerAsync();

    /// <summary>Ignores tokens on open routes, which must answer while Keystone is unavailable.</summary>
    protected sealed override async Task<AuthenticateResult> HandleAuthenticateAsync()
        => !IsOpen(Context) && await FindCallerAsync() is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(Scheme.Name), Scheme.Name))
            : AuthenticateResult.NoResult();

    /// <summary>Answers 401 in keystonemiddleware's shape, through the exception handler.</summary>
    protected sealed override Task HandleChallengeAsync(AuthenticationProperties properties)
        => throw new HttpErrorException(StatusCodes.Status401Unauthorized, LogInRefusedException.AuthenticationRequired);
}
