using ImageBackup.Api.Http;
using ImageBackup.Core.Access;

namespace ImageBackup.Api.Auth;

/// <summary><c>Auth:Mode Embedded</c>: the token of the service's own Keystone says who it is.</summary>
internal sealed class EmbeddedCallerSource(TokenStore tokens) : ICallerSource
{
    public async ValueTask<Caller?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var token = TokenHeaders.Read(context, TokenHeaders.Auth);
        var issued = token is null ? null : await tokens.FindAsync(token, cancellationToken);
        return issued is null ? null : new Caller(issued.Project?.Id ?? "", issued.User.Id, issued.Roles, false);
    }
}
