using ImageBackup.Api.Hosting;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Service;

/// <summary><c>GET /</c>, <c>/v3</c>: Cinder's version discovery, for which no token is needed.</summary>
internal static class VersionDocuments
{
    public static void MapVersionDocuments(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", Root).AllowAnonymous().WithSummary("Version discovery (300), as Cinder answers it").WithTags("Versions");
        app.MapGet("/v3", Versions).AllowAnonymous().WithSummary("Version discovery").WithTags("Versions");
    }

    private static Results<JsonHttpResult<VersionList>, RedirectHttpResult> Root(HttpContext context, IOptions<ApiOptions> options)
    {
        context.Response.Headers.Append("Vary", "Accept");
        return WebPageServices.IsBrowser(context.Request)
            ? TypedResults.Redirect(context.Request.PathBase + WebPageServices.Root)
            : TypedResults.Json(Document(context, options.Value), statusCode: StatusCodes.Status300MultipleChoices);
    }

    private static JsonHttpResult<VersionList> Versions(HttpContext context, IOptions<ApiOptions> options)
        => TypedResults.Json(Document(context, options.Value));

    private static VersionList Document(HttpContext context, ApiOptions options) => new([new VersionEntry(
        "v3.0",
        "CURRENT",
        options.MaxMicroversion,
        Microversion.Lowest.ToString(),
        "2023-08-31T00:00:00Z",
        [
            new Dictionary<string, string> { ["rel"] = "describedby", ["type"] = "text/html", ["href"] = "https://docs.openstack.org/" },
            new Dictionary<string, string> { ["rel"] = "self", ["href"] = context.ServiceUrl() + "/v3/" },
        ],
        [new Dictionary<string, string> { ["base"] = "application/json", ["type"] = "application/vnd.openstack.volume+json;version=3" }])]);

    /// <param name="Versions">The one version.</param>
    internal sealed record VersionList(IReadOnlyList<VersionEntry> Versions);

    /// <param name="Id" example="v3.0">The version.</param>
    /// <param name="Status" example="CURRENT">Always CURRENT.</param>
    /// <param name="Version" example="3.71">The highest microversion.</param>
    /// <param name="MinVersion" example="3.0">The lowest microversion.</param>
    /// <param name="Updated" example="2023-08-31T00:00:00Z">When Cinder brought it.</param>
    /// <param name="Links">Where it is, and where it is described.</param>
    /// <param name="MediaTypes">What it speaks.</param>
    internal sealed record VersionEntry(
        string Id,
        string Status,
        string Version,
        string MinVersion,
        string Updated,
        IReadOnlyList<Dictionary<string, string>> Links,
        [property: System.Text.Json.Serialization.JsonPropertyName("media-types")] IReadOnlyList<Dictionary<string, string>> MediaTypes);
}
