using System.Reflection;
using Microsoft.Extensions.FileProviders;

namespace ImageBackup.Api.Hosting;

/// <summary>
/// <c>/ui/</c>: the web page. Its files are part of the assembly, so it is there from whatever directory the program is started.
/// It needs no token: it calls the public API only, with what the person in front of it typed.
/// </summary>
internal static class WebPageServices
{
    /// <summary>Where the page stands; with the slash at its end its own addresses are relative to it.</summary>
    public const string Root = "/ui/";

    private const string WithoutSlash = "/ui";
    private const string Document = "/ui/index.html";

    public static IServiceCollection AddWebPage(this IServiceCollection services)
        => services.AddResponseCompression(options =>
        {
            // Only the page's files pass through it: no answer that carries a secret is compressed beside text from outside.
            options.EnableForHttps = true;
            options.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml"];
        });

    /// <summary>Serves what lies below <see cref="Root"/>. Middleware instead of routes: none of Cinder's manners are meant for it.</summary>
    public static IApplicationBuilder UseWebPage(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(WithoutSlash),
        page => page.UseResponseCompression().Use(FindDocument).UseStaticFiles(Files()));

    /// <summary>True where the request comes from a browser's address bar, which names HTML.</summary>
    public static bool IsBrowser(HttpRequest request)
        => request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static RequestDelegate FindDocument(RequestDelegate next) => context =>
    {
        if (context.Request.Path == WithoutSlash)
        {
            context.Response.Redirect(context.Request.PathBase + Root);
            return Task.CompletedTask;
        }

        if (context.Request.Path == Root)
        {
            context.Request.Path = Document;
        }

        return next(context);
    };

    private static StaticFileOptions Files() => new()
    {
        RequestPath = WithoutSlash,
        FileProvider = new EmbeddedFileProvider(Assembly.GetExecutingAssembly(), "ImageBackup.Api.wwwroot.ui"),

        // The files belong together: a browser asks each time and is told 304 until the program changes.
        OnPrepareResponse = served => served.Context.Response.Headers.CacheControl = "no-cache",
    };
}
