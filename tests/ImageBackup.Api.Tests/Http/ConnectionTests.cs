using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Http;

/// <summary>One client cannot take all connections.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task A_client_with_the_allowed_number_of_connections_gets_no_other_and_other_clients_do()
    {
        using var service = new RealPortServiceFixture();
        service.Settings["ImageBackup:Limits:ConnectionsPerClient"] = "5";
        var port = new Uri(service.BaseAddress).Port;
        using var other = await ConnectAsync(port, "127.0.0.2");
        List<TcpClient> taken = [];
        for (var i = 0; i < 5; i++)
        {
            taken.Add(await ConnectAsync(port, "127.0.0.1"));
            Assert.StartsWith("HTTP/1.1 200 OK", await AnswerAsync(taken[i]), StringComparison.Ordinal);
        }

        using var refused = await ConnectAsync(port, "127.0.0.1");

        Assert.Equal("", await AnswerAsync(refused));
        Assert.StartsWith("HTTP/1.1 200 OK", await AnswerAsync(other), StringComparison.Ordinal);

        taken[0].Dispose();
        await Polling.UntilAsync("the closed connection no longer counts", async () =>
        {
            using var next = await ConnectAsync(port, "127.0.0.1");
            return (await AnswerAsync(next)).Length > 0;
        });
        taken.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_connection_that_sends_nothing_is_closed()
    {
        using var service = new RealPortServiceFixture();
        service.Settings["ImageBackup:Limits:FirstRequestTimeout"] = "00:00:00.2";
        using var idle = await ConnectAsync(new Uri(service.BaseAddress).Port, "127.0.0.1");

        Assert.Equal(0, await idle.GetStream().ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task A_user_with_the_allowed_number_of_event_streams_gets_429_until_one_is_closed()
    {
        using var service = new RealPortServiceFixture();
        service.Settings["ImageBackup:Limits:EventStreamsPerUser"] = "1";
        service.Settings["ImageBackup:Demo:Enabled"] = "true";
        service.Stall("backup_vol_*", 0);
        var started = await new BackupClient(service).ExportAsync("9c219888-1ab0-429e-9282-7cbc6957c839");
        var address = started.TaskUri;
        var first = await ListenAsync(service, address);

        using var second = await ListenAsync(service, address);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Contains("Limits:EventStreamsPerUser", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        first.Dispose();
        await Polling.UntilAsync("the closed stream no longer counts", async () =>
        {
            using var next = await ListenAsync(service, address);
            return next.StatusCode == HttpStatusCode.OK;
        });
    }

    private static Task<HttpResponseMessage> ListenAsync(RealPortServiceFixture service, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept", "text/event-stream");
        return service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<TcpClient> ConnectAsync(int port, string from)
    {
        var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Sends a request and returns the first bytes of its response; empty if the connection is closed instead.</summary>
    private static async Task<string> AnswerAsync(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /healthcheck HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            var buffer = new byte[4096];
            return Encoding.ASCII.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
