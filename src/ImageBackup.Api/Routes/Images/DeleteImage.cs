using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>DELETE /v2/images/{id}</summary>
internal static class DeleteImage
{
    public static async Task<NoContent> HandleAsync(string id, HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        await images.DeleteAsync(context.Caller(), id, cancellationToken);
        return TypedResults.NoContent();
    }
}
