using System.Net;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary>
/// <c>Auth:Mode None</c>: whoever reaches the service administers the project in the path. What reaches it is kept to this machine's own programs:
/// neither another machine nor a page that a browser here shows (by a request across sites, or under a name that was bent to loopback) counts.
/// </summary>
internal sealed class AnonymousCallerSource(IOptions<AuthOptions> options) : ICallerSource
{
    private static readonly IReadOnlyList<string> Roles = RoleNames.All;

    public ValueTask<Caller?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var auth = options.Value;
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            throw new ForbiddenException("A page of another site can't use a service that asks for no token.");
        }

        if (!auth.AllowAnonymousRemote && !(IsLoopback(context.Connection.LocalIpAddress) && IsLoopback(context.Request.Host.Host)))
        {
            throw new ForbiddenException(
                $"Without authentication the service answers on loopback only, not on '{context.Request.Host.Host}'. "
                + $"Set {AuthOptions.Section}:Mode to Embedded or Keystone, or {AuthOptions.Section}:AllowAnonymousRemote to true.");
        }

        return new(new Caller(context.Request.RouteValues["project_id"] as string ?? auth.ProjectId, "anonymous", Roles, true));
    }

    /// <summary>True for a name or an address that only this machine answers to.</summary>
    public static bool IsLoopback(string host)
        => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // A Unix socket, and a test's own server, have no address.
    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);
}
