using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Http;

/// <summary>Behavior that needs a real connection.</summary>
public sealed class SocketTests(RealPortServiceFixture service) : IClassFixture<RealPortServiceFixture>
{
    [Fact]
    public async Task A_chunked_body_over_the_limit_is_413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ServiceFixture.V3("/volumes"));
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes(new string(' ', 300_000))));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("overLimit", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_a_body()
    {
        var head = await ExchangeAsync($"HEAD {ServiceFixture.V3("/types")} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains("x-openstack-request-id: req-", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_upload_leaves_the_image_queued_and_no_file()
    {
        var created = await service.Client.PostJsonAsync("/v2/images", """{"name":"broken","disk_format":"raw","container_format":"bare"}""");
        var id = created.Body.GetProperty("id").GetString();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, new Uri(service.BaseAddress).Port);
            var head = $"PUT /v2/images/{id}/file HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\nContent-Length: 9000000\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            await client.GetStream().WriteAsync(Content.Random(3_000_000));
            await Polling.UntilAsync("the file is being received", async () => await StatusAsync(id) == "saving");
        }

        await Polling.UntilAsync("the image waits for a file again", async () => await StatusAsync(id) == "queued");

        Assert.Empty(Directory.EnumerateFiles(service.Paths.Volumes));
    }

    [Fact]
    public async Task A_file_upload_can_exceed_the_body_limit()
    {
        var created = await service.Client.PostJsonAsync("/v2/images", """{"name":"large"}""");
        var id = created.Body.GetProperty("id").GetString();
        using var content = new ByteArrayContent(Content.Random(40_000_000));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        using var response = await service.Client.PutAsync($"/v2/images/{id}/file", content);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        using var deleted = await service.Client.DeleteAsync($"/v2/images/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    private async Task<string?> StatusAsync(string? id)
        => (await service.Client.GetJsonAsync($"/v2/images/{id}")).Body.GetProperty("status").GetString();

    private async Task<string> ExchangeAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(service.BaseAddress).Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync();
    }
}
