namespace ImageBackup.Api.Routes.Images;

/// <summary>
/// Serves the image API below <c>/image</c> too, which the catalog names: <c>/image/v2/images</c> is <c>/v2/images</c>. glanceclient needs an address
/// without a version, and openstacksdk looks for Glance's versions there, as <c>/</c> has Cinder's. <c>/v2.0</c> is an older spelling of <c>/v2</c>.
/// </summary>
internal static class ImagePrefix
{
    public const string Path = "/image";

    private const string Version = "/v2";
    private const string OldVersion = "/v2.0";

    /// <summary>Removes the prefix and the older spelling. Call it before routing.</summary>
    public static IApplicationBuilder UseImagePrefix(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments(Path, StringComparison.Ordinal, out var rest) && (rest.Value is "" or "/" || rest.StartsWithSegments(Version) || rest.StartsWithSegments(OldVersion)))
        {
            request.PathBase += Path;
            request.Path = rest.Value is "" or "/" ? "/versions" : rest;
        }

        if (request.Path.StartsWithSegments(OldVersion, StringComparison.Ordinal, out var old))
        {
            request.Path = Version + old;
        }

        return next(context);
    });
}
