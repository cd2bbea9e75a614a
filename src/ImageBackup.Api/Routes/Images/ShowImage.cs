using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary><c>GET /v2/images/{id}</c></summary>
internal static class ShowImage
{
    public static async Task<JsonHttpResult<Dictionary<string, object?>>> HandleAsync(
        string id, HttpContext context, ImageStore images, CancellationToken cancellationToken)
        => TypedResults.Json(ImageView.Of(await images.GetVisibleAsync(context.Caller(), id, cancellationToken)));
}
