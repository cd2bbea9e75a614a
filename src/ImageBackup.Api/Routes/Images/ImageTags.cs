using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>PUT and DELETE /v2/images/{id}/tags/{tag}</summary>
internal static class ImageTags
{
    public static async Task<NoContent> AddAsync(
        string id, string tag, HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        await images.UpdateAsync(context.Caller(), id, image => image.Tags = ImageFields.CheckTags([.. image.Tags, tag]), cancellationToken);
        return TypedResults.NoContent();
    }

    public static async Task<NoContent> RemoveAsync(
        string id, string tag, HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        await images.UpdateAsync(
            context.Caller(),
            id,
            image => image.Tags = image.Tags.Contains(tag)
                ? [.. image.Tags.Where(other => other != tag)]
                : throw new NotFoundException($"Tag {tag} of image {id} could not be found."),
            cancellationToken);
        return TypedResults.NoContent();
    }
}
