using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary><c>GET /v2/images/{id}/members</c>: images are not shared with single projects, so there are none.</summary>
internal static class ListImageMembers
{
    public static async Task<JsonHttpResult<Response>> HandleAsync(string id, HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        _ = await images.GetVisibleAsync(context.Caller(), id, cancellationToken);
        return TypedResults.Json(new Response([], "/v2/schemas/members"));
    }

    internal sealed record Response(IReadOnlyList<object> Members, string Schema);
}
