using System.Collections.Concurrent;
using System.Net;
using ImageBackup.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Api.Tests.Telemetry;

/// <summary>Receives OTLP over gRPC or as plain protobuf, and decodes it with <c>protoc</c>. Any other request is a 404.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";

    /// <summary>The prefix of a gRPC message: one byte for compression and four for the length.</summary>
    private const int GrpcPrefix = 5;

    private readonly TemporaryDirectory directory = new();
    private readonly ConcurrentQueue<string> bodies = new();
    private readonly List<string> read = [];
    private readonly WebApplication app;

    private OtlpReceiver(string protocol)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();

        // Without TLS, a port cannot negotiate the HTTP version.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocol == Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        app = builder.Build();
        app.Run(ReceiveAsync);
    }

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<OtlpReceiver> StartAsync(string protocol)
    {
        var receiver = new OtlpReceiver(protocol);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Returns everything received, as <c>protoc --decode_raw</c> writes it: one field number and value per line.</summary>
    public async Task<string> ReadAsync()
    {
        while (bodies.TryDequeue(out var body))
        {
            read.Add(await Tool.RunAsync("bash", "-c", "protoc --decode_raw <\"$0\"", body));
        }

        return string.Concat(read);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        directory.Dispose();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var response = context.Response;
        var isGrpc = context.Request.ContentType == "application/grpc";
        if (!isGrpc && context.Request.ContentType != "application/x-protobuf")
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var file = Path.Combine(directory.Path, $"{Guid.NewGuid():n}");
        await File.WriteAllBytesAsync(file, body.ToArray().AsMemory(isGrpc ? GrpcPrefix : 0));
        bodies.Enqueue(file);

        // An empty response accepts everything.
        response.ContentType = context.Request.ContentType;
        if (isGrpc)
        {
            response.DeclareTrailer("grpc-status");
            await response.Body.WriteAsync(new byte[GrpcPrefix]);
            response.AppendTrailer("grpc-status", "0");
        }
    }
}
