namespace ImageBackup.Api.Routes.Images;

/// <summary>
/// Serves the image API below <c>/image</c> too, which the catalog names: <c>/image/v2/images</c> is <c>/v2/images</c>. glanceclient needs an address
/// without a version, and openstacksdk looks for Glance's versions there, as <c>/</c> has Cinder's.
/// </summary>
internal static class ImagePrefix
{
    public const string Path = "/image";

    /// <summary>Removes the prefix. Call it before routing.</summary>
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
