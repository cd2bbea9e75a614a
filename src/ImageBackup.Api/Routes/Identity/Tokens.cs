using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Identity.Tokens;
using ImageBackup.Identity.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Identity;

/// <summary><c>GET</c>, <c>HEAD</c> and <c>DELETE /identity/v3/auth/tokens</c>: shows or revokes the token in <c>X-Subject-Token</c>, which must be the caller's unless the caller is an administrator.</summary>
internal static partial class Tokens
{
    public static async Task<Ok<Enveloped<TokenResponse>>> ShowAsync(HttpContext context, TokenStore tokens, IOptions<IdentityOptions> options, CancellationToken cancellationToken)
    {
        var (token, issued) = await FindAsync(context, tokens, cancellationToken);

        return Enveloped.Ok(Answer(context, token, issued, options.Value));
    }

    public static async Task<NoContent> RevokeAsync(HttpContext context, TokenStore tokens, ILogger<TokenStore> logger, CancellationToken cancellationToken)
    {
        var (token, issued) = await FindAsync(context, tokens, cancellationToken);

        await tokens.RevokeAsync(token, cancellationToken);
        var caller = context.Caller();
        LogRevoked(logger, issued.AuditIds[0], caller.UserId);
        return TypedResults.NoContent();
    }

    /// <summary>Sets the headers of an answer with a token and returns its body. <c>nocatalog</c> leaves the catalog out.</summary>
    public static TokenResponse Answer(HttpContext context, string token, IssuedToken issued, IdentityOptions options)
    {
        context.Response.Headers[TokenHeaders.Subject] = token;
        context.Response.Headers.Vary = TokenHeaders.Auth;
        context.Response.Headers.CacheControl = "no-store";
        return TokenResponse.For(context, issued, context.Request.Query.ContainsKey("nocatalog") ? null : options.Region);
    }

    private static async Task<(string Token, IssuedToken Issued)> FindAsync(HttpContext context, TokenStore tokens, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        var token = TokenHeaders.Read(context, TokenHeaders.Subject)
            ?? throw new InvalidRequestException("The header X-Subject-Token is missing. It must hold the token to show or revoke.");
        var issued = await tokens.FindAsync(token, cancellationToken) ?? throw new NotFoundException("Could not find token.");
        return caller.IsAdmin || string.Equals(caller.UserId, issued.User.Id, StringComparison.Ordinal)
            ? (token, issued)
            : throw new ForbiddenException("You are not authorized to perform the requested action: the token belongs to another user.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Token {AuditId} was revoked by {UserId}")]
    private static partial void LogRevoked(ILogger logger, string auditId, string userId);
}
