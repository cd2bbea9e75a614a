namespace ImageBackup.Api.Http;

/// <summary>
/// Accepts the spellings of paths that PowerVC's clients use: several slashes in a row stand for one, and <c>.json</c> behind a path of the block storage API
/// is left out, as in Cinder.
/// </summary>
internal static class PathSpellings
{
    private const string Json = ".json";

    /// <summary>Replaces the path of a request by the usual spelling. Call it before anything reads the path.</summary>
    public static IApplicationBuilder UsePathSpellings(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var path = context.Request.Path.Value ?? "";
        if (path.Contains("//", StringComparison.Ordinal) || path.EndsWith(Json, StringComparison.Ordinal))
        {
            context.Request.Path = Usual(path);
        }

        return next(context);
    });

    private static string Usual(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return path.StartsWith("/v3/", StringComparison.Ordinal) && path.EndsWith(Json, StringComparison.Ordinal) ? path[..^Json.Length] : path;
    }
}
