using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;

namespace ImageBackup.Api.Routes.Images;

/// <summary><c>GET /v2/images/{id}/file</c>: the boot volume's bytes, whole or in ranges; 204 where the image has none.</summary>
internal static class DownloadImageFile
{
    public static async Task<IResult> HandleAsync(string id, HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        var (image, file) = await images.OpenFileAsync(context.Caller(), id, cancellationToken);
        if (file is null)
        {
            return TypedResults.NoContent();
        }

        // Glance has hex here, not the base64 of RFC 1864, and its clients compare with that.
        if (image.Checksum is { } checksum && string.IsNullOrEmpty(context.Request.Headers.Range.ToString()))
        {
            context.Response.Headers.ContentMD5 = checksum;
        }

        return TypedResults.Stream(file, "application/octet-stream", enableRangeProcessing: true);
    }
}
