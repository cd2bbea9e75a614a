using System.Text.Encodings.Web;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Identity.Keystone;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary><c>Auth:Mode Keystone</c>: the caller is the user of a token that a real Keystone validates.</summary>
internal sealed class KeystoneHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeystoneTokens tokens)
    : CallerHandler(options, loggers, encoder)
{
    protected override async ValueTask<Caller?> FindCallerAsync()
    {
        try
        {
            return TokenHeaders.Read(Context, TokenHeaders.Auth) is { } token && await tokens.FindAsync(token, Context.RequestAborted) is { } found
                ? new Caller(found.ProjectId ?? "", found.UserId, found.Roles, SeesEveryProject: false)
                : null;
        }
        catch (KeystoneUnavailableException e)
        {
            throw new UnavailableException(e.Message, e);
        }
    }
}
