using System.Text.Json.Nodes;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>GET /v2/images/{id}/members</summary>
internal static class ListImageMembers
{
    /// <summary>The projects that an image is shared with.</summary>
    /// <param name="Members">Always empty: images are not shared with single projects.</param>
    /// <param name="Schema" example="/v2/schemas/members">The path of the JSON schema of this response.</param>
    internal sealed record ImageMembersResponse(IReadOnlyList<JsonNode> Members, string Schema);

    public static async Task<Ok<ImageMembersResponse>> HandleAsync(string id, HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        _ = await images.GetVisibleAsync(context.Caller(), id, cancellationToken);
        return TypedResults.Ok(new ImageMembersResponse([], "/v2/schemas/members"));
    }
}
