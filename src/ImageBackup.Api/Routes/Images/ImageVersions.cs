using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>GET /v2 and GET /versions: Glance's version discovery</summary>
internal static class ImageVersions
{
    // Version 2.7 brought os_hash_* and os_hidden. The service has nothing of the later versions.
    private static readonly string[] Ids = ["v2.7", "v2.6", "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0"];

    /// <summary>The available versions of the image API.</summary>
    /// <param name="Versions">The versions, newest first.</param>
    internal sealed record ImageVersionsResponse(IReadOnlyList<ImageVersionResponse> Versions);

    /// <summary>A version of the image API.</summary>
    /// <param name="Id" example="v2.7">The version.</param>
    /// <param name="Status" example="CURRENT">CURRENT or SUPPORTED.</param>
    /// <param name="Links">The address of the API.</param>
    internal sealed record ImageVersionResponse(string Id, string Status, IReadOnlyList<Link> Links);

    public static JsonHttpResult<ImageVersionsResponse> Handle(HttpContext context)
    {
        var self = new Link("self", context.ServiceUrl() + "/v2/");
        return TypedResults.Json(
            new ImageVersionsResponse([.. Ids.Select((id, i) => new ImageVersionResponse(id, i == 0 ? "CURRENT" : "SUPPORTED", [self]))]),
            statusCode: StatusCodes.Status300MultipleChoices);
    }
}
