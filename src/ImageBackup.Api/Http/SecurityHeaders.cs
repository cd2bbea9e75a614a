namespace ImageBackup.Api.Http;

/// <summary>Sets headers for browsers: keep the content type, run only the pages' own scripts, and allow no frames.</summary>
internal static class SecurityHeaders
{
    private const string Page = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // Swagger UI's page contains a script and styles.
    private const string Swagger = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // Set when the response starts, because the exception handler clears earlier headers.
        context.Response.OnStarting(() =>
        {
            Set(context);
            return Task.CompletedTask;
        });
        return next(context);
    });

    private static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        var policy = context.Request.Path.StartsWithSegments("/ui") ? Page : context.Request.Path.StartsWithSegments("/swagger") ? Swagger : null;
        if (policy is not null)
        {
            headers.ContentSecurityPolicy = policy;
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
        }
    }
}
