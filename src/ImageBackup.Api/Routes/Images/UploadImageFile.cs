using System.Globalization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>PUT /v2/images/{id}/file: streams the file to a new volume</summary>
internal static class UploadImageFile
{
    private const string SizeHeader = "x-openstack-image-size";

    public static readonly RouteParameter Parameter =
        new(SizeHeader, "integer", "The size of the file in bytes. The upload fails if the size differs.", IsHeader: true);

    public static async Task<NoContent> HandleAsync(
        string id, HttpContext context, ImageFileStore files, VolumeTypeStore types, CancellationToken cancellationToken)
    {
        var contentType = context.Request.ContentType?.Split(';')[0].Trim();
        if (!string.IsNullOrEmpty(contentType) && !contentType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
        {
            throw new HttpErrorException(StatusCodes.Status415UnsupportedMediaType, $"Unsupported Content-Type '{contentType}': send application/octet-stream.");
        }

        var expected = ExpectedSize(context.Request.Headers[SizeHeader].ToString());
        var type = await types.GetDefaultAsync(cancellationToken);
        await files.UploadAsync(context.Caller(), id, context.Request.Body, expected, type.Id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static long? ExpectedSize(string header)
    {
        if (header.Length == 0)
        {
            return null;
        }

        return long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw new InvalidRequestException($"{SizeHeader} must be a number of bytes, '{header}' is none.");
    }
}
