using System.Net;
using System.Text.Encodings.Web;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using ImageBackup.Identity.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary>
/// <c>Auth:Mode None</c>: every request administers the project in its path. Only programs on this machine are allowed: requests from other
/// machines are refused, and so are pages in a browser on this machine (cross-site requests, and names that DNS rebinding points to loopback).
/// </summary>
internal sealed class AnonymousHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AuthOptions> auth)
    : CallerHandler(options, loggers, encoder)
{
    /// <summary>Returns true for a name or an address that only this machine answers to.</summary>
    public static bool IsLoopback(string host)
        => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    protected override ValueTask<Caller?> FindCallerAsync()
    {
        if (Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            throw new ForbiddenException("A page of another site cannot use this service, because the service requires no token.");
        }

        // A Unix socket and the server of a test have no address.
        var isLocal = Context.Connection.LocalIpAddress is not { } local || IPAddress.IsLoopback(local);
        if (!auth.Value.AllowAnonymousRemote && !(isLocal && IsLoopback(Request.Host.Host)))
        {
            throw new ForbiddenException(
                $"Without authentication the service answers on loopback only, not on '{Request.Host.Host}'. "
                + $"Set {AuthOptions.Section}:Mode to Embedded or Keystone, or {AuthOptions.Section}:AllowAnonymousRemote to true.");
        }

        return new(new Caller(Request.RouteValues["project_id"] as string ?? auth.Value.ProjectId, "anonymous", RoleNames.All, SeesEveryProject: true));
    }
}
