using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Identity;

/// <summary><c>POST /identity/v3/auth/tokens[?nocatalog]</c>: a log-in by password, token or application credential; 201 with the token in <c>X-Subject-Token</c>.</summary>
internal static partial class LogIn
{
    public static async Task<JsonHttpResult<Dictionary<string, object>>> HandleAsync(
        HttpContext context,
        LogIns logIns,
        TokenStore tokens,
        IOptions<IdentityOptions> options,
        ILogger<LogIns> logger,
        CancellationToken cancellationToken)
    {
        var request = AuthRequest.Parse(await JsonBody.ReadAsync(context, cancellationToken));

        var login = await logIns.CheckAsync(request, context.Connection.RemoteIpAddress, cancellationToken);
        var (token, issued) = await tokens.IssueAsync(login, cancellationToken);

        LogIssued(logger, issued.User.Id, issued.AuditIds[0], issued.Project?.Id);
        context.Response.Headers[TokenHeaders.Subject] = token;
        context.Response.Headers.Vary = TokenHeaders.Auth;
        context.Response.Headers.CacheControl = "no-store";
        var withCatalog = !context.Request.Query.ContainsKey("nocatalog");
        return TypedResults.Json(TokenBody.Of(context, issued, options.Value.Region, withCatalog), statusCode: StatusCodes.Status201Created);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} logged in: token {AuditId} for project {ProjectId}")]
    private static partial void LogIssued(ILogger logger, string userId, string auditId, string? projectId);
}
