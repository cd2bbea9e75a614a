using System.Reflection;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace ImageBackup.Api.WebPage;

/// <summary>
/// <c>/ui/</c>: the web page. Its files are part of the assembly, so it is there from whatever directory the program is started.
/// It needs no token: it calls the public API only, with what the person in front of it typed.
/// </summary>
internal static class WebPageServices
{
    /// <summary>Where the page stands; the slash at its end makes its own addresses relative.</summary>
    public const string Path = "/ui/";

    private const string Document = "/index.html";

    /// <summary>Nothing but the page's own files, and calls to the service that served it.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddWebPage(this IServiceCollection services)
        => services.AddResponseCompression(options =>
        {
            // Only the page's files pass through it: no answer that carries a secret is compressed beside text from outside.
            options.EnableForHttps = true;
            options.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml"];
        });

    public static WebApplication UseWebPage(this WebApplication app)
    {
        app.MapGet("/ui", (HttpContext context) => TypedResults.Redirect(context.Request.PathBase + Path))
            .AllowAnonymous().ExcludeFromDescription();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/ui", out var rest) && rest.HasValue,
            page => page.UseResponseCompression().Use(AskForDocument).UseStaticFiles(Files()));
        return app;
    }

    /// <summary>True where the request comes from a browser's address bar: it prefers HTML to JSON by naming it.</summary>
    public static bool IsBrowser(HttpRequest request)
        => request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static RequestDelegate AskForDocument(RequestDelegate next) => context =>
    {
        if (context.Request.Path == Path)
        {
            context.Request.Path = Path.TrimEnd('/') + Document;
        }

        return next(context);
    };

    private static StaticFileOptions Files() => new()
    {
        RequestPath = Path.TrimEnd('/'),
        FileProvider = new EmbeddedFileProvider(Assembly.GetExecutingAssembly(), "ImageBackup.Api.wwwroot.ui"),
        OnPrepareResponse = AddHeaders,
    };

    private static void AddHeaders(StaticFileResponseContext served)
    {
        var headers = served.Context.Response.Headers;

        // The files belong together: a browser asks each time and is told 304 until the program changes.
        headers.CacheControl = new StringValues("no-cache");
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
