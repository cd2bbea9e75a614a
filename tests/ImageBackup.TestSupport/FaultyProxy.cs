using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageBackup.TestSupport;

/// <summary>A TCP proxy on loopback that can do what networks do: cut, stall, slow down, lose an answer.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> connections = [];
    private readonly CancellationTokenSource stop = new();
    private readonly int targetPort;
    private readonly Task accepting;
    private long sent;
    private long cutAt = long.MaxValue;
    private volatile bool isDown;
    private volatile bool isStalled;
    private volatile Func<string, bool>? loseAnswerTo;

    public FaultyProxy(int targetPort)
    {
        this.targetPort = targetPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Bytes a second in each direction and connection; 0 for as many as come.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>How many connections were cut or refused.</summary>
    public int Cuts { get; private set; }

    /// <summary>After this many more bytes to the server it is gone, until <see cref="Restore"/>.</summary>
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

    /// <summary>Holds every byte back, connections stay open.</summary>
    public void Stall() => isStalled = true;

    /// <summary>Lets the server have the next request whose head <paramref name="matches"/>, and cuts the connection when the answer comes.</summary>
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

            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        connections[client] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, targetPort, stop.Token);
            var lost = new TaskCompletionSource();
            await Task.WhenAny(PumpAsync(client, server, lost, toServer: true), PumpAsync(server, client, lost, toServer: false));
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

    private async Task PumpAsync(TcpClient from, TcpClient to, TaskCompletionSource lost, bool toServer)
    {
        var buffer = new byte[32 << 10];
        var (input, output) = (from.GetStream(), to.GetStream());
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
