namespace ImageBackup.Api.Http;

/// <summary>Routes HEAD requests to GET routes, which handle them as HEAD and prepare no body.</summary>
internal static class HeadRequests
{
    private static readonly object Mark = new();

    /// <summary>Routes HEAD as GET. Call it before routing.</summary>
    public static IApplicationBuilder UseHeadRoutedAsGet(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Items[Mark] = Mark;
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    });

    /// <summary>Restores the method HEAD. Call it after routing.</summary>
    public static IApplicationBuilder UseHeadRestored(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Items.ContainsKey(Mark))
        {
            context.Request.Method = HttpMethods.Head;
        }

        return next(context);
    });
}
