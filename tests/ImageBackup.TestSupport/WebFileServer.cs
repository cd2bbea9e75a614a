using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace ImageBackup.TestSupport;

/// <summary>A web server on loopback with one file, plainly or over TLS. It records the requests, and misbehaves when a test asks it to.</summary>
public sealed class WebFileServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<WebFileRequest> requests = [];
    private long bytesSent;

    private WebFileServer(TestCertificates? certificates)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // A write returns when its bytes are in the socket.
            kestrel.Limits.MaxResponseBufferSize = 0;

            // A client that reads slowly, on a busy machine, is not reset.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificates is not null)
                {
                    listen.UseHttps(certificates.Server);
                }
            });
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        app = builder.Build();
        app.Run(ServeAsync);
    }

    /// <summary>The address without a trailing slash.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Host and port.</summary>
    public string Authority => new Uri(Url).Authority;

    /// <summary>The bytes of the file, whatever its path.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>The quoted ETag; null for none.</summary>
    public string? ETag { get; set; } = "\"1\"";

    public bool HasRanges { get; set; } = true;

    /// <summary>What the server says about the size in place of the truth.</summary>
    public long? ClaimedLength { get; set; }

    /// <summary>Aborts each connection after this many bytes of a body. Requests of the first byte are answered.</summary>
    public int? CutAfter { get; set; }

    /// <summary>How many bodies <see cref="CutAfter"/> still cuts.</summary>
    public int Cuts { get; set; } = int.MaxValue;

    /// <summary>Stops sending after this many bytes of a body. The connection stays open.</summary>
    public int? StallAfter { get; set; }

    /// <summary>Milliseconds before each piece of 64 KiB.</summary>
    public int PieceDelay { get; set; }

    /// <summary>The status of every answer; null for a file.</summary>
    public int? Status { get; set; }

    /// <summary>Redirects a path to a URL.</summary>
    public Dictionary<string, string> Redirects { get; } = [];

    /// <summary>Runs before a request is answered.</summary>
    public Action<WebFileRequest>? OnRequest { get; set; }

    /// <summary>The requests so far, in the order in which they arrived.</summary>
    public IReadOnlyList<WebFileRequest> Requests => [.. requests];

    /// <summary>The requests for more than the first byte.</summary>
    public IReadOnlyList<WebFileRequest> Downloads => [.. requests.Where(request => !request.IsProbe)];

    /// <summary>Bytes of bodies that were sent.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    /// <summary>Starts a server; with certificates, over TLS.</summary>
    public static async Task<WebFileServer> StartAsync(TestCertificates? certificates = null)
    {
        var server = new WebFileServer(certificates);
        await server.app.StartAsync();
        server.Url = server.app.Urls.Single();
        return server;
    }

    /// <summary>Forgets requests and misbehavior.</summary>
    public void Reset()
    {
        requests.Clear();
        Redirects.Clear();
        (ETag, HasRanges, ClaimedLength, Status) = ("\"1\"", true, null, null);
        (CutAfter, Cuts, StallAfter, PieceDelay, OnRequest) = (null, int.MaxValue, null, 0, null);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var range = context.Request.GetTypedHeaders().Range?.Ranges.Single();
        var request = new WebFileRequest(context.Request.GetEncodedPathAndQuery(), range?.From, range?.To, context.Request.Headers.IfRange);
        requests.Enqueue(request);
        OnRequest?.Invoke(request);
        if (Redirects.TryGetValue(context.Request.Path, out var target))
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = target;
            return;
        }

        if (Status is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        if (ETag is not null)
        {
            context.Response.Headers.ETag = ETag;
        }

        var content = Content;
        var isPart = HasRanges && range is not null && (request.IfRange is null || request.IfRange == ETag);
        var (from, end) = isPart ? (range!.From!.Value, Math.Min(range.To!.Value + 1, content.Length)) : (0, content.Length);
        if (isPart && from >= content.Length)
        {
            context.Response.StatusCode = 416;
            context.Response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(content.Length);
            return;
        }

        if (isPart)
        {
            context.Response.StatusCode = 206;
            context.Response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(from, end - 1, ClaimedLength ?? content.Length);
        }

        context.Response.ContentLength = isPart ? end - from : ClaimedLength ?? content.Length;
        await SendAsync(context, content.AsMemory((int)from, (int)(end - from)), canFail: !request.IsProbe);
    }

    private async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body, bool canFail)
    {
        var limit = !canFail ? null : Cuts > 0 ? CutAfter ?? StallAfter : StallAfter;
        for (var sent = 0; sent < body.Length;)
        {
            if (limit is { } most && sent >= most)
            {
                if (CutAfter is not null)
                {
                    // Closing one direction only lets the client read all that was sent. An abort would discard it.
                    Cuts--;
                    context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
                }

                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            if (PieceDelay > 0)
            {
                await Task.Delay(PieceDelay);
            }

            var piece = Math.Min(Math.Min(64 << 10, body.Length - sent), limit - sent ?? int.MaxValue);
            await context.Response.Body.WriteAsync(body.Slice(sent, piece), context.RequestAborted);
            sent += piece;
            Interlocked.Add(ref bytesSent, piece);
        }

        if (body.Length < context.Response.ContentLength)
        {
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
    }
}

/// <summary>A request that a <see cref="WebFileServer"/> received.</summary>
/// <param name="Path">The path with the query.</param>
/// <param name="From">The first byte of the range; null without a range.</param>
/// <param name="To">The last byte of the range; null without a range.</param>
/// <param name="IfRange">The condition; null without one.</param>
public sealed record WebFileRequest(string Path, long? From, long? To, string? IfRange)
{
    /// <summary>True for a request of the first byte, which asks for size and ETag.</summary>
    public bool IsProbe => From == 0 && To == 0;
}
