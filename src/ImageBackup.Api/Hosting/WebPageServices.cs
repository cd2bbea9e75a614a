using System.IO.Compression;
using System.Reflection;
using ImageBackup.Api.Http;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Hosting;

/// <summary>
/// Serves the web page at <c>/ui/</c>. Its files are embedded in the assembly, so the working directory does not matter. The files need no token:
/// the page calls the public API with the user's own token.
/// </summary>
internal static class WebPageServices
{
    /// <summary>The page's path. It ends with a slash, because the page's links are relative to it.</summary>
    public const string Root = "/ui/";

    private const string WithoutSlash = "/ui";
    private const string Document = "/ui/index.html";
    private const string Settings = "/ui/settings.json";

    public static IServiceCollection AddWebPage(this IServiceCollection services)
        => services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal).AddResponseCompression(options =>
        {
            // Only the page's files are compressed. Compressing a response with a secret and foreign text could reveal the secret.
            options.EnableForHttps = true;
            options.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml"];
        });

    /// <summary>Serves the files below <see cref="Root"/>, before the middleware of the API.</summary>
    public static IApplicationBuilder UseWebPage(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(WithoutSlash),
        page => page.UseResponseCompression().Use(FindDocument).UseStaticFiles(Files()));

    /// <summary>Returns true if the request accepts HTML, as a browser's address bar does.</summary>
    public static bool IsBrowser(HttpRequest request)
        => request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static RequestDelegate FindDocument(RequestDelegate next) => context =>
    {
        if (context.Request.Path == WithoutSlash)
        {
            context.Response.Redirect(context.Request.PathBase + Root);
            return Task.CompletedTask;
        }

        if (context.Request.Path == Settings && HttpMethods.IsGet(context.Request.Method))
        {
            return WriteSettingsAsync(context);
        }

        if (context.Request.Path == Root)
        {
            context.Request.Path = Document;
        }

        return next(context);
    };

    /// <summary>Writes what the page must know before a log-in.</summary>
    private static Task WriteSettingsAsync(HttpContext context)
    {
        var auth = context.RequestServices.GetRequiredService<IOptions<AuthOptions>>().Value;
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.WriteAsJsonAsync(new PageSettings(auth.ProjectId, auth.Mode.ToLowerInvariant()), ApiJson.Options, context.RequestAborted);
    }

    private static StaticFileOptions Files() => new()
    {
        RequestPath = WithoutSlash,
        FileProvider = new EmbeddedFileProvider(Assembly.GetExecutingAssembly(), "ImageBackup.Api.wwwroot.ui"),

        // The files belong together, so a browser revalidates each of them and gets 304 until the program changes.
        OnPrepareResponse = served => served.Context.Response.Headers.CacheControl = "no-cache",
    };

    /// <param name="ProjectId">The project without authentication.</param>
    /// <param name="Auth">none, embedded or keystone.</param>
    private sealed record PageSettings(string ProjectId, string Auth);
}
