using System.Text.Json.Serialization;
using ImageBackup.Api.Hosting;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Service;

/// <summary>GET / and GET /v3: Cinder's version discovery</summary>
internal static class VersionDocuments
{
    /// <summary>The available versions of the block storage API.</summary>
    /// <param name="Versions">The only version.</param>
    internal sealed record VersionsResponse(IReadOnlyList<VersionResponse> Versions);

    /// <summary>A version of the block storage API.</summary>
    /// <param name="Id" example="v3.0">The version.</param>
    /// <param name="Status" example="CURRENT">Always CURRENT.</param>
    /// <param name="Version" example="3.71">The highest microversion.</param>
    /// <param name="MinVersion" example="3.0">The lowest microversion.</param>
    /// <param name="Updated" example="2023-08-31T00:00:00Z">Date of the version in Cinder.</param>
    /// <param name="Links">The address of the API and of its description.</param>
    /// <param name="MediaTypes">The media type of bodies.</param>
    internal sealed record VersionResponse(
        string Id,
        string Status,
        string Version,
        string MinVersion,
        string Updated,
        IReadOnlyList<Dictionary<string, string>> Links,
        [property: JsonPropertyName("media-types")] IReadOnlyList<Dictionary<string, string>> MediaTypes);

    public static void MapVersionDocuments(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", Root).AllowAnonymous().WithResponse(300, typeof(VersionsResponse)).WithResponse(302, null, "A redirect to the web page, for a browser.")
            .WithSummary("List the versions of the block storage API").WithTags("Versions");
        app.MapGet("/v3", Versions).AllowAnonymous().WithSummary("List the versions of the block storage API").WithTags("Versions");
    }

    private static Results<JsonHttpResult<VersionsResponse>, RedirectHttpResult> Root(HttpContext context, IOptions<ApiOptions> options)
    {
        context.Response.Headers.Append("Vary", "Accept");
        return WebPageServices.IsBrowser(context.Request)
            ? TypedResults.Redirect(context.Request.PathBase + WebPageServices.Root)
            : TypedResults.Json(Document(context, options.Value), statusCode: StatusCodes.Status300MultipleChoices);
    }

    private static Ok<VersionsResponse> Versions(HttpContext context, IOptions<ApiOptions> options)
        => TypedResults.Ok(Document(context, options.Value));

    private static VersionsResponse Document(HttpContext context, ApiOptions options) => new([new VersionResponse(
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
}
