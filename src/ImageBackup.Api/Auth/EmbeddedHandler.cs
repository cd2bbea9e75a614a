using System.Text.Encodings.Web;
using ImageBackup.Core.Access;
using ImageBackup.Identity.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary><c>Auth:Mode Embedded</c>: the caller is the user of a token of the embedded Keystone.</summary>
internal sealed class EmbeddedHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TokenStore tokens)
    : CallerHandler(options, loggers, encoder)
{
    protected override async ValueTask<Caller?> FindCallerAsync()
        => TokenHeaders.Read(Context, TokenHeaders.Auth) is { } token && await tokens.FindAsync(token, Context.RequestAborted) is { } issued
            ? new Caller(issued.Project?.Id ?? "", issued.User.Id, issued.Roles, SeesEveryProject: false)
            : null;
}
