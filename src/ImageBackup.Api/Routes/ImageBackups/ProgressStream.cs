using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Flows;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>The progress document as server-sent events: <c>progress</c> at every change, a comment as heartbeat, <c>end</c> with the flow.</summary>
internal sealed class ProgressStream(FlowProgress progress, Caller caller, ProgressDocument first, string taskId, CancellationToken stopping) : IResult
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Shorter than any proxy's patience.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = GetProgress.EventStream;
        httpContext.Response.Headers.CacheControl = "no-cache";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await SendAsync(httpContext.Response, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone, or the service goes; either way nobody listens.
        }
    }

    private async Task SendAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        var document = first;
        var last = "";
        var quiet = TimeSpan.Zero;
        while (true)
        {
            var json = JsonSerializer.Serialize(new Enveloped<ProgressResponse>(ProgressResponse.Of(document, withDetails: true)), ApiJson.Options);
            quiet = json == last ? quiet + Interval : TimeSpan.Zero;
            if (json != last)
            {
                await response.WriteAsync($"event: progress\ndata: {json}\n\n", cancellationToken);
                last = json;
            }
            else if (quiet >= Heartbeat)
            {
                await response.WriteAsync(": still here\n\n", cancellationToken);
                quiet = TimeSpan.Zero;
            }

            if (document.IsFinished)
            {
                await response.WriteAsync($"event: end\ndata: {json}\n\n", cancellationToken);
                return;
            }

            await response.Body.FlushAsync(cancellationToken);
            await Task.Delay(Interval, cancellationToken);
            document = await progress.GetAsync(caller, taskId, document.BackupId, cancellationToken);
        }
    }
}
