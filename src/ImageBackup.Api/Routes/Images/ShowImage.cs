using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>GET /v2/images/{id}</summary>
internal static class ShowImage
{
    public static async Task<Ok<ImageResponse>> HandleAsync(string id, HttpContext context, ImageStore images, CancellationToken cancellationToken)
        => TypedResults.Ok(ImageResponse.Of(await images.GetVisibleAsync(context.Caller(), id, cancellationToken)));
}
