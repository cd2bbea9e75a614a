using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.Identity;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary><c>GET</c>, <c>HEAD</c> and <c>DELETE /identity/v3/auth/tokens</c>: shows or revokes the token in <c>X-Subject-Token</c>; another user's only for an administrator.</summary>
internal static partial class Tokens
{
    /// <summary>200 with what the token stands for.</summary>
    public static async Task<JsonHttpResult<Dictionary<string, object>>> ShowAsync(
        HttpContext context, TokenStore tokens, IOptions<IdentityOptions> options, CancellationToken cancellationToken)
    {
        var (token, issued) = await SubjectAsync(context, tokens, cancellationToken);

        context.Response.Headers[TokenHeaders.Subject] = token;
        context.Response.Headers.Vary = TokenHeaders.Auth;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(TokenBody.Of(context, issued, options.Value.Region, !context.Request.Query.ContainsKey("nocatalog")));
    }

    /// <summary>204; from then on the token is unknown.</summary>
    public static async Task<NoContent> RevokeAsync(
        HttpContext context, TokenStore tokens, ILogger<TokenStore> logger, CancellationToken cancellationToken)
    {
        var (token, issued) = await SubjectAsync(context, tokens, cancellationToken);

        await tokens.RevokeAsync(token, cancellationToken);
        var caller = context.Caller();
        LogRevoked(logger, issued.AuditIds[0], caller.UserId);
        return TypedResults.NoContent();
    }

    private static async Task<(string Token, IssuedToken Issued)> SubjectAsync(HttpContext context, TokenStore tokens, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        var token = TokenHeaders.Read(context, TokenHeaders.Subject)
            ?? throw new InvalidRequestException("The header X-Subject-Token is missing: it names the token to look at.");
        var issued = await tokens.FindAsync(token, cancellationToken) ?? throw new NotFoundException("Could not find token.");
        return IsAllowed(caller, issued)
            ? (token, issued)
            : throw new ForbiddenException("You are not authorized to perform the requested action: the token is another user's.");
    }

    private static bool IsAllowed(Caller caller, IssuedToken issued)
        => caller.IsAdmin || string.Equals(caller.UserId, issued.User.Id, StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Information, Message = "Token {AuditId} was revoked by {UserId}")]
    private static partial void LogRevoked(ILogger logger, string auditId, string userId);
}
