using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Http;

/// <summary>The addresses in responses. The client can call them.</summary>
internal static class PublicUrl
{
    /// <summary>Returns the base address without a final slash: the setting <c>PublicEndpoint</c>, or else the address of the request.</summary>
    public static string ServiceUrl(this HttpContext context)
    {
        var configured = context.RequestServices.GetRequiredService<IOptions<ImageBackupOptions>>().Value.PublicEndpoint;
        return string.IsNullOrEmpty(configured)
            ? $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}"
            : configured.TrimEnd('/');
    }

    /// <summary>Returns the address of <paramref name="path"/>, which begins with a slash, below the request's project: <c>…/v3/40a5…/volumes</c>.</summary>
    public static string ProjectUrl(this HttpContext context, string path)
        => $"{context.ServiceUrl()}/v3/{context.PathProject()}{path}";

    /// <summary>Returns Cinder's links of an item: <c>self</c>, and <c>bookmark</c> without the version.</summary>
    public static IReadOnlyList<Link> ItemLinks(this HttpContext context, string collection, string id) =>
    [
        new Link("self", context.ProjectUrl($"/{collection}/{id}")),
        new Link("bookmark", $"{context.ServiceUrl()}/{context.PathProject()}/{collection}/{id}"),
    ];

    private static string PathProject(this HttpContext context)
        => context.Request.RouteValues["project_id"] as string ?? context.Caller().ProjectId;
}

/// <summary>A link.</summary>
/// <param name="Rel" example="self">The relation: self, bookmark or next.</param>
/// <param name="Href" example="http://127.0.0.1:9000/v3/40a58846608e4e908c43b547d4dfb58c/image-backups/1">The address.</param>
internal sealed record Link(string Rel, string Href);
