using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary><c>GET /v2</c> and <c>/versions</c>: what of Glance's API there is, for which no token is needed.</summary>
internal static class ImageVersions
{
    // 2.7 brought os_hash_* and os_hidden; nothing of the later ones is offered.
    private static readonly string[] Ids = ["v2.7", "v2.6", "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0"];

    public static JsonHttpResult<Response> Handle(HttpContext context)
    {
        var self = new Link("self", context.ServiceUrl() + "/v2/");
        return TypedResults.Json(
            new Response([.. Ids.Select((id, i) => new Entry(id, i == 0 ? "CURRENT" : "SUPPORTED", [self]))]),
            statusCode: StatusCodes.Status300MultipleChoices);
    }

    /// <param name="Versions">The versions.</param>
    internal sealed record Response(IReadOnlyList<Entry> Versions);

    /// <param name="Id" example="v2.7">The version.</param>
    /// <param name="Status" example="CURRENT">CURRENT or SUPPORTED.</param>
    /// <param name="Links">Where it is.</param>
    internal sealed record Entry(string Id, string Status, IReadOnlyList<Link> Links);
}
