using System.Text.RegularExpressions;

namespace ImageBackup.Api.Http;

/// <summary>Gives every request its id, on every answer under both names that clients read, and in every log line.</summary>
internal sealed partial class RequestIds(RequestDelegate next, ILogger<RequestIds> logger)
{
    private const string OpenStackHeader = "X-Openstack-Request-Id";

    public async Task InvokeAsync(HttpContext context)
    {
        var id = $"req-{Guid.NewGuid()}";
        context.TraceIdentifier = id;

        // When the answer starts, since a fault clears the headers that were set before it.
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
