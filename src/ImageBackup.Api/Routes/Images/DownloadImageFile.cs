using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;

namespace ImageBackup.Api.Routes.Images;

/// <summary>GET /v2/images/{id}/file: the boot volume's bytes, whole or in ranges</summary>
internal static class DownloadImageFile
{
    public static async Task<IResult> HandleAsync(string id, HttpContext context, ImageFileStore files, CancellationToken cancellationToken)
    {
        var (image, file) = await files.OpenAsync(context.Caller(), id, cancellationToken);
        if (file is null)
        {
            return TypedResults.NoContent();
        }

        // Glance and its clients use hex here, not the base64 of RFC 1864.
        if (image.Checksum is { } checksum && string.IsNullOrEmpty(context.Request.Headers.Range.ToString()))
        {
            context.Response.Headers.ContentMD5 = checksum;
        }

        return TypedResults.Stream(file, "application/octet-stream", enableRangeProcessing: true);
    }
}
