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
/// machines are refused unless the settings allow them, and so are pages of other sites in a browser (cross-site requests, foreign origins, and
/// names that DNS rebinding points to this machine).
/// </summary>
internal sealed class AnonymousHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AuthOptions> auth,
    IOptions<ImageBackupOptions> service)
    : CallerHandler(options, loggers, encoder)
{
    /// <summary>Returns true for a name or an address that only this machine answers to.</summary>
    public static bool IsLoopback(string host)
        => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    protected override ValueTask<Caller?> FindCallerAsync()
    {
        if (Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" || IsForeign(Request.Headers.Origin.ToString()))
        {
            throw new ForbiddenException("A page of another site cannot use this service, because the service requires no token.");
        }

        // A Unix socket and the server of a test have no address.
        var isLocal = Context.Connection.LocalIpAddress is not { } local || IPAddress.IsLoopback(local);
        var host = Request.Host.Host;
        if (!auth.Value.AllowAnonymousRemote && !(isLocal && IsLoopback(host)))
        {
            throw new ForbiddenException(
                $"Without authentication the service answers on loopback only, not on '{host}'. "
                + $"Set {AuthOptions.Section}:Mode to Embedded or Keystone, or {AuthOptions.Section}:AllowAnonymousRemote to true.");
        }

        if (!IsKnown(host))
        {
            throw new ForbiddenException(
                $"Without authentication the service does not answer to the name '{host}'. Call it by its address, or add the name to "
                + $"{AuthOptions.Section}:AnonymousHosts, or use it in {ImageBackupOptions.Section}:PublicEndpoint.");
        }

        return new(new Caller(Request.RouteValues["project_id"] as string ?? auth.Value.ProjectId, "anonymous", RoleNames.All, SeesEveryProject: true));
    }

    /// <summary>Returns true for the origin of a page that the service has not served. Programs other than browsers send no origin.</summary>
    private bool IsForeign(string origin)
        => origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && (HostString.FromUriComponent(page).Equals(Request.Host) || IsPublic(page.Authority)));

    /// <summary>Returns true for a name that nobody else can point to this machine: an address, a name without a domain, or a name from the settings.</summary>
    private bool IsKnown(string host)
        => IsLoopback(host)
            || IPAddress.TryParse(host.Trim('[', ']'), out _)
            || !host.Contains('.')
            || auth.Value.AnonymousHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            || (PublicEndpoint() is { } known && string.Equals(known.Host, host, StringComparison.OrdinalIgnoreCase));

    private bool IsPublic(string authority) => string.Equals(PublicEndpoint()?.Authority, authority, StringComparison.OrdinalIgnoreCase);

    private Uri? PublicEndpoint() => service.Value.PublicEndpoint is { Length: > 0 } address ? new Uri(address) : null;
}
