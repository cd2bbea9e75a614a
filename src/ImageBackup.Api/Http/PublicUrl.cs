using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Http;

/// <summary>The addresses that answers name: one that the client can call.</summary>
internal static class PublicUrl
{
    /// <summary>The service's base without a slash at its end: the setting <c>PublicEndpoint</c>, else what the request was sent to.</summary>
    public static string ServiceUrl(this HttpContext context)
    {
        var configured = context.RequestServices.GetRequiredService<IOptions<ImageBackupOptions>>().Value.PublicEndpoint;
        return string.IsNullOrEmpty(configured)
            ? $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}"
            : configured.TrimEnd('/');
    }

    /// <summary>The address of <paramref name="path"/> (with its slash) below the request's project, such as <c>…/v3/40a5…/volumes</c>.</summary>
    public static string ProjectUrl(this HttpContext context, string path)
        => $"{context.ServiceUrl()}/v3/{context.PathProject()}{path}";

    /// <summary>Cinder's links of one item: <c>self</c>, and <c>bookmark</c> without the version.</summary>
    public static IReadOnlyList<Link> ItemLinks(this HttpContext context, string collection, string id) =>
    [
        new Link("self", context.ProjectUrl($"/{collection}/{id}")),
        new Link("bookmark", $"{context.ServiceUrl()}/{context.PathProject()}/{collection}/{id}"),
    ];

    private static string PathProject(this HttpContext context)
        => context.Request.RouteValues["project_id"] as string ?? context.Caller().ProjectId;
}

/// <summary>One link of an answer.</summary>
/// <param name="Rel" example="self">What the link is: self, bookmark or next.</param>
/// <param name="Href" example="http://127.0.0.1:9000/v3/40a58846608e4e908c43b547d4dfb58c/image-backups/1">Where it leads.</param>
internal sealed record Link(string Rel, string Href);
