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

/// <summary>Takes what is sent by OTLP, over gRPC or as plain protobuf, and has Debian's <c>protoc</c> read it. To any other call it is a server that has nothing.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";

    /// <summary>In gRPC: a byte that says whether what follows is compressed, and four of its length.</summary>
    private const int GrpcPrefix = 5;

    private readonly TemporaryDirectory directory = new();
    private readonly ConcurrentQueue<string> bodies = new();
    private readonly List<string> read = [];
    private readonly WebApplication app;

    private OtlpReceiver(string protocol)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();

        // Without TLS a port can't be asked which of the two it speaks.
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

    /// <summary>All that has come, as <c>protoc --decode_raw</c> writes it: a field's number and its value, one a line.</summary>
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

        // An empty answer: all was accepted.
        response.ContentType = context.Request.ContentType;
        if (isGrpc)
        {
            response.DeclareTrailer("grpc-status");
            await response.Body.WriteAsync(new byte[GrpcPrefix]);
            response.AppendTrailer("grpc-status", "0");
        }
    }
}
