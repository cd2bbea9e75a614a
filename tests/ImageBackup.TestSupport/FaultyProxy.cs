using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageBackup.TestSupport;

/// <summary>A TCP proxy on loopback that can cut connections, stall, slow down, and lose a response.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> connections = [];
    private readonly CancellationTokenSource stop = new();
    private readonly EndPoint target;
    private readonly Task accepting;
    private long sent;
    private long cutAt = long.MaxValue;
    private volatile bool isDown;
    private volatile bool isStalled;
    private volatile Func<string, bool>? loseAnswerTo;

    public FaultyProxy(int targetPort)
        : this(new IPEndPoint(IPAddress.Loopback, targetPort))
    {
    }

    public FaultyProxy(EndPoint target)
    {
        this.target = target;

        // Connections inherit it. A large buffer would take whole parts at once, however slow the proxy is.
        listener.Server.ReceiveBufferSize = 64 << 10;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Bytes per second in each direction and connection; 0 for no limit.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>The number of cut or refused connections.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts all connections after this many more bytes to the server, until <see cref="Restore"/>.</summary>
    public void GoDownAfter(long bytes) => cutAt = Interlocked.Read(ref sent) + bytes;

    /// <summary>Cuts every connection and refuses new ones.</summary>
    public void GoDown()
    {
        isDown = true;
        foreach (var connection in connections.Keys)
        {
            Cuts++;
            connection.Dispose();
        }
    }

    /// <summary>Stops forwarding bytes. Connections stay open.</summary>
    public void Stall() => isStalled = true;

    /// <summary>Forwards the next request whose head <paramref name="matches"/>, and cuts the connection when its response arrives.</summary>
    public void LoseAnswerTo(Func<string, bool> matches) => loseAnswerTo = matches;

    public void Restore()
    {
        cutAt = long.MaxValue;
        isDown = false;
        isStalled = false;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        GoDown();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            if (isDown)
            {
                Cuts++;
                client.LingerState = new LingerOption(true, 0);
                client.Dispose();
                continue;
            }

            client.NoDelay = true;
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        connections[client] = true;
        try
        {
            await server.ConnectAsync(target, stop.Token);
            var (lost, near, far) = (new TaskCompletionSource(), client.GetStream(), new NetworkStream(server));
            await Task.WhenAny(PumpAsync(near, far, lost, toServer: true), PumpAsync(far, near, lost, toServer: false));
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
            Cuts++;
        }
        finally
        {
            connections.TryRemove(client, out _);
            client.Dispose();
        }
    }

    private async Task PumpAsync(Stream input, Stream output, TaskCompletionSource lost, bool toServer)
    {
        var buffer = new byte[32 << 10];
        while (await input.ReadAsync(buffer, stop.Token) is > 0 and var read)
        {
            while (isStalled)
            {
                await Task.Delay(20, stop.Token);
            }

            if (!toServer && lost.Task.IsCompleted)
            {
                Cuts++;
                return;
            }

            if (toServer && loseAnswerTo is { } matches && matches(Encoding.Latin1.GetString(buffer, 0, read)))
            {
                loseAnswerTo = null;
                lost.SetResult();
            }

            await output.WriteAsync(buffer.AsMemory(0, read), stop.Token);
            if (toServer && Interlocked.Add(ref sent, read) >= cutAt)
            {
                GoDown();
            }

            if (BytesPerSecond > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)read / BytesPerSecond), stop.Token);
            }
        }
    }
}
