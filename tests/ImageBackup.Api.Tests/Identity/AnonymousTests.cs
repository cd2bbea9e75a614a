using System.Net;
using ImageBackup.TestSupport;
using Microsoft.AspNetCore.Mvc.Testing;

namespace ImageBackup.Api.Tests.Identity;

/// <summary><c>Auth:Mode None</c>, the default, on loopback only.</summary>
public sealed class AnonymousTests(RealPortServiceFixture service) : IClassFixture<RealPortServiceFixture>
{
    [Fact]
    public async Task Requests_on_loopback_need_no_token()
    {
        using var response = await service.Client.GetAsync(ServiceFixture.V3("/image-backups"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Host", "rebound.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    public async Task A_request_from_a_page_of_another_site_is_refused(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ServiceFixture.V3("/image-backups"));
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.StartsWith("{\"forbidden\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rebound.example", null, HttpStatusCode.Forbidden)]
    [InlineData("powervc.example", null, HttpStatusCode.OK)]
    [InlineData("backup.example:8080", null, HttpStatusCode.OK)]
    [InlineData("imagebackup:9000", null, HttpStatusCode.OK)]
    [InlineData("192.0.2.7:9000", null, HttpStatusCode.OK)]
    [InlineData("powervc.example", "https://powervc.example", HttpStatusCode.OK)]
    [InlineData("192.0.2.7:9000", "https://powervc.example", HttpStatusCode.OK)]
    [InlineData("192.0.2.7:9000", "https://other.example", HttpStatusCode.Forbidden)]
    public async Task A_service_for_other_machines_without_authentication_answers_only_to_known_names(string host, string? origin, HttpStatusCode expected)
    {
        using var remote = new ServiceFixture();
        remote.Settings["ImageBackup:Auth:AllowAnonymousRemote"] = "true";
        remote.Settings["ImageBackup:Auth:AnonymousHosts:0"] = "backup.example";
        remote.Settings["ImageBackup:PublicEndpoint"] = "https://powervc.example";
        using var request = new HttpRequestMessage(HttpMethod.Get, ServiceFixture.V3("/image-backups"));
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        using var response = await remote.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("0.0.0.0", true, true)]
    [InlineData("127.0.0.1", false, true)]
    public async Task A_start_on_an_address_beyond_loopback_is_refused_unless_it_is_allowed(string address, bool allowed, bool starts)
    {
        using var directory = new TemporaryDirectory();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("ImageBackup:DataDirectory", Path.Combine(directory.Path, "data"));
            host.UseSetting("ImageBackup:Demo:Enabled", "false");
            host.UseSetting("ImageBackup:Auth:AllowAnonymousRemote", allowed ? "true" : "false");
        });
        factory.UseKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), 0));

        var failure = Record.Exception(factory.StartServer);

        if (starts)
        {
            Assert.Null(failure);
        }
        else
        {
            Assert.Contains("ImageBackup:Auth:AllowAnonymousRemote", failure?.ToString(), StringComparison.Ordinal);
            Assert.Contains("without authentication", failure?.ToString(), StringComparison.Ordinal);
        }
    }
}
