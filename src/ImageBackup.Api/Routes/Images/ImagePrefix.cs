namespace ImageBackup.Api.Routes.Images;

/// <summary>
/// <c>/image</c> as the root of the image API, for the catalogue: glanceclient wants an address without version, and openstacksdk looks below it for
/// Glance's versions, where <c>/</c> has Cinder's. <c>/image/v2/images</c> is <c>/v2/images</c>.
/// </summary>
internal static class ImagePrefix
{
    public const string Path = "/image";

    /// <summary>Before routing.</summary>
    public static IApplicationBuilder UseImagePrefix(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments(Path, StringComparison.Ordinal, out var rest) && (rest.Value is "" or "/" || rest.StartsWithSegments("/v2")))
        {
            request.PathBase += Path;
            request.Path = rest.Value is "" or "/" ? "/versions" : rest;
        }

        return next(context);
    });
}
