using ImageBackup.Core.Access;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Http;

/// <summary>Knows who sent a request.</summary>
internal interface ICallerSource
{
    /// <summary>The sender of the request of <paramref name="context"/>; null where nothing valid says who it is.</summary>
    /// <exception cref="Core.Faults.UnavailableException">What would know can't be reached.</exception>
    ValueTask<Caller?> FindAsync(HttpContext context, CancellationToken cancellationToken);
}

/// <summary><c>Auth:Mode None</c>: whoever reaches the service administers the project in the path.</summary>
internal sealed class AnonymousCallerSource(IOptions<AuthOptions> options) : ICallerSource
{
    private static readonly string[] Roles = ["admin", "member", "reader"];

    public ValueTask<Caller?> FindAsync(HttpContext context, CancellationToken cancellationToken)
        => new(new Caller(context.Request.RouteValues["project_id"] as string ?? options.Value.ProjectId, "anonymous", Roles, true));
}

internal static class CallerExtensions
{
    /// <summary>Who sent this request; known on every route that isn't open to everybody.</summary>
    public static Caller Caller(this HttpContext context)
        => context.Features.Get<Caller>() ?? throw new InvalidOperationException("The route is open to everybody, so nobody knows who sent the request.");
}
