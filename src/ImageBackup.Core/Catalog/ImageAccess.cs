using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The images that a caller sees, and those that a caller may change.</summary>
internal static class ImageAccess
{
    /// <summary>Returns the images of the caller's project and the public and community images.</summary>
    public static IQueryable<ImageRecord> VisibleTo(this IQueryable<ImageRecord> images, Caller caller)
        => caller.SeesEveryProject
            ? images
            : images.Where(image => image.Owner == caller.ProjectId || image.Visibility == ImageVisibility.Public || image.Visibility == ImageVisibility.Community);

    /// <summary>Returns an image that the caller may change.</summary>
    /// <exception cref="NotFoundException">The caller does not see such an image.</exception>
    /// <exception cref="ForbiddenException">The image belongs to another project. The message contains <paramref name="verb"/>.</exception>
    public static async Task<ImageRecord> OwnedByAsync(this IQueryable<ImageRecord> images, Caller caller, string id, string verb, CancellationToken cancellationToken)
    {
        var image = await images.VisibleTo(caller).FirstOrDefaultAsync(image => image.Id == id, cancellationToken) ?? throw NotFound(id);
        return caller.Sees(image.Owner) ? image : throw new ForbiddenException($"You are not permitted to {verb} this image.");
    }

    /// <summary>Returns the lock of the transactions that change an image.</summary>
    public static string LockOf(string id) => $"image/{id}";

    public static NotFoundException NotFound(string id) => new($"Image {id} could not be found.");
}
