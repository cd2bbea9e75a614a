using System.Text.RegularExpressions;

namespace ImageBackup.Api.Http;

/// <summary>Gives each request an id. Responses have it in both headers that clients read, and log lines have it as a property.</summary>
internal sealed partial class RequestIds(RequestDelegate next, ILogger<RequestIds> logger)
{
    private const string OpenStackHeader = "X-Openstack-Request-Id";

    public async Task InvokeAsync(HttpContext context)
    {
        var id = $"req-{Guid.NewGuid()}";
        context.TraceIdentifier = id;

        // Set when the response starts, because the exception handler clears earlier headers.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["x-openstack-request-id"] = id;
            context.Response.Headers["x-compute-request-id"] = id;
            return Task.CompletedTask;
        });

        var scope = new Dictionary<string, object> { ["RequestId"] = id };
        var incoming = context.Request.Headers[OpenStackHeader].ToString();
        if (WellFormed().IsMatch(incoming))
        {
            scope["GlobalRequestId"] = incoming;
        }

        using (logger.BeginScope(scope))
        {
            await next(context);
        }
    }

    [GeneratedRegex(@"\Areq-[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex WellFormed();
}
