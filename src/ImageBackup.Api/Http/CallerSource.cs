using ImageBackup.Core.Access;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Http;

/// <summary>Knows who sent a request.</summary>
internal interface ICallerSource
{
    /// <summary>The sender of the request of <paramref name="context"/>.</summary>
    Caller CallerOf(HttpContext context);
}

/// <summary><c>Auth:Mode None</c>: whoever reaches the service administers the project in the path.</summary>
internal sealed class AnonymousCallerSource(IOptions<AuthOptions> options) : ICallerSource
{
    public Caller CallerOf(HttpContext context)
        => new(context.Request.RouteValues["project_id"] as string ?? options.Value.ProjectId, "anonymous", ["admin"], true);
}

internal static class CallerExtensions
{
    /// <summary>Who sent this request.</summary>
    public static Caller Caller(this HttpContext context)
        => context.RequestServices.GetRequiredService<ICallerSource>().CallerOf(context);
}
