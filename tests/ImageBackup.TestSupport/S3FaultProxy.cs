using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ImageBackup.TestSupport;

/// <summary>An HTTP proxy in front of a real S3 server. It records the requests, and misbehaves when a test asks it to, plainly or over TLS.</summary>
public sealed class S3FaultProxy : IAsyncDisposable
{
    private static readonly string[] OwnHeaders = ["Connection", "Transfer-Encoding", "Keep-Alive", "Expect"];

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentQueue<S3Request> requests = [];
    private readonly List<Planned> planned = [];
    private readonly WebApplication app;
    private readonly int targetPort;

    private S3FaultProxy(int targetPort, TestCertificates? certificates)
    {
        this.targetPort = targetPort;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
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

    public string Url { get; private set; } = "";

    /// <summary>The requests so far, in the order in which they arrived.</summary>
    public IReadOnlyList<S3Request> Requests => [.. requests];

    /// <summary>Starts a proxy; with certificates, over TLS.</summary>
    public static async Task<S3FaultProxy> StartAsync(int targetPort, TestCertificates? certificates = null)
    {
        var proxy = new S3FaultProxy(targetPort, certificates);
        await proxy.app.StartAsync();
        proxy.Url = proxy.app.Urls.Single();
        return proxy;
    }

    /// <summary>Answers the next matching requests with an S3 error, without asking the server.</summary>
    public void Refuse(Func<S3Request, bool> matches, int status, string code, int times = 1, TimeSpan clockOffset = default)
        => Add(matches, times, (context, _) => AnswerAsync(context, status, code, clockOffset));

    /// <summary>Answers the next matching requests as nginx does, without asking the server.</summary>
    public void RefuseInHtml(Func<S3Request, bool> matches, int status)
        => Add(matches, int.MaxValue, async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html";
            context.Response.Headers.Connection = "close";
            await context.Response.WriteAsync($"<html><head><title>{status}</title></head></html>");
        });

    /// <summary>Forwards the next matching request, and answers with an S3 error in place of the server's answer.</summary>
    public void ReplaceAnswer(Func<S3Request, bool> matches, int status, string code)
        => Add(matches, 1, async (context, request) =>
        {
            using var answer = await ForwardAsync(context, request, damage: false);
            await AnswerAsync(context, status, code, default);
        });

    /// <summary>Forwards the next matching request, and closes the connection in place of an answer.</summary>
    public void LoseAnswer(Func<S3Request, bool> matches)
        => Add(matches, 1, async (context, request) =>
        {
            using var answer = await ForwardAsync(context, request, damage: false);
            context.Abort();
        });

    /// <summary>Changes a byte in the body of the next matching request.</summary>
    public void DamageBody(Func<S3Request, bool> matches) => Add(matches, 1, (context, request) => RelayAsync(context, request, damage: true));

    /// <summary>Acts before the next matching request is forwarded.</summary>
    public void Before(Func<S3Request, bool> matches, Func<Task> act) => Add(matches, 1, async (context, request) =>
    {
        await act();
        await RelayAsync(context, request, damage: false);
    });

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private void Add(Func<S3Request, bool> matches, int times, Func<HttpContext, S3Request, Task> act)
    {
        lock (planned)
        {
            planned.Add(new Planned(matches, act) { Left = times });
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var request = new S3Request(context.Request.Method, target, context.Request.Headers.Range.ToString(), context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        requests.Enqueue(request);
        var act = Take(request) ?? ((_, _) => RelayAsync(context, request, damage: false));
        try
        {
            await act(context, request);
        }
        catch (Exception ended) when (ended is HttpRequestException or IOException or OperationCanceledException or SocketException)
        {
            context.Abort();
        }
    }

    private Func<HttpContext, S3Request, Task>? Take(S3Request request)
    {
        lock (planned)
        {
            if (planned.Find(one => one.Left > 0 && one.Matches(request)) is not { } found)
            {
                return null;
            }

            found.Left--;
            return found.Act;
        }
    }

    private async Task RelayAsync(HttpContext context, S3Request request, bool damage)
    {
        using var answer = await ForwardAsync(context, request, damage);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OwnHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (request.Method != "HEAD")
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    private Task<HttpResponseMessage> ForwardAsync(HttpContext context, S3Request request, bool damage)
    {
        // The signature covers the exact target and the name of this host.
        var uri = new Uri($"http://127.0.0.1:{targetPort}{request.Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), uri);
        if (context.Request.ContentLength is not null)
        {
            forwarded.Content = new StreamContent(damage ? new DamagedStream(context.Request.Body) : context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(header => !OwnHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!forwarded.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                forwarded.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return http.SendAsync(forwarded, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext context, int status, string code, TimeSpan clockOffset)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        context.Response.Headers.Date = (DateTimeOffset.UtcNow + clockOffset).ToString("r");
        context.Response.Headers.Connection = "close";
        if (context.Request.Method != "HEAD")
        {
            await context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>From the proxy.</Message></Error>");
        }
    }

    private sealed record Planned(Func<S3Request, bool> Matches, Func<HttpContext, S3Request, Task> Act)
    {
        public int Left { get; set; }
    }
}
