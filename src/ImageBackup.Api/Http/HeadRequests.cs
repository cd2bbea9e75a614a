namespace ImageBackup.Api.Http;

/// <summary>Lets HEAD reach every GET route: it is routed as GET and handled as HEAD, so no body is made ready for nothing.</summary>
internal static class HeadRequests
{
    private static readonly object Mark = new();

    /// <summary>Before routing.</summary>
    public static IApplicationBuilder UseHeadRoutedAsGet(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Items[Mark] = Mark;
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    });

    /// <summary>After routing.</summary>
    public static IApplicationBuilder UseHeadRestored(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Items.ContainsKey(Mark))
        {
            context.Request.Method = HttpMethods.Head;
        }

        return next(context);
    });
}
