using System.Net;
using System.Net.Http.Json;
using ImageBackup.Api.Tests.Identity;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageBackup.Api.Tests.Http;

/// <summary>Forwarded headers of trusted and other proxies. These tests use a socket, because a sender needs an address.</summary>
public sealed class ForwardedTests : IDisposable
{
    private readonly StandingClock _service = new();

    public ForwardedTests()
    {
        _service.Settings["ImageBackup:Auth:Mode"] = "Embedded";
        _service.Settings["ImageBackup:Auth:Users:0:Name"] = "member";
        _service.Settings["ImageBackup:Auth:Users:0:Password"] = EmbeddedFixture.PasswordOf("member");
    }

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData("127.0.0.1", "https://backup.example/powervc/openstack/volume/v3/")]
    [InlineData("127.0.0.0/8", "https://backup.example/powervc/openstack/volume/v3/")]
    [InlineData("10.0.0.0/8", null)]
    public async Task Links_use_the_address_that_a_trusted_proxy_forwards(string trusted, string? self)
    {
        _service.Settings["ImageBackup:TrustedProxies:0"] = trusted;

        using var response = await SendAsync(
            HttpMethod.Get, "/v3", null, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "backup.example"), ("X-Forwarded-Prefix", "/powervc/openstack/volume"));

        Assert.Contains($"\"{self ?? _service.BaseAddress + "/v3/"}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_use_the_public_endpoint_if_one_is_set()
    {
        _service.Settings["ImageBackup:PublicEndpoint"] = "https://backup.example/prefix/";

        using var versions = await SendAsync(HttpMethod.Get, "/v3", null);
        using var refused = await SendAsync(HttpMethod.Get, ServiceFixture.V3("/volumes"), null);
        using var logIn = await SendAsync(HttpMethod.Post, "/identity/v3/auth/tokens", EmbeddedFixture.PasswordLogIn("member"));

        Assert.Contains("\"https://backup.example/prefix/v3/\"", await versions.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("Keystone uri=\"https://backup.example/prefix/identity\"", Assert.Single(refused.Headers.GetValues("WWW-Authenticate")));
        var catalogue = await logIn.Content.ReadAsStringAsync();
        Assert.Contains($"\"https://backup.example/prefix/v3/{ServiceFixture.ProjectId}\"", catalogue, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", catalogue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_log_ins_are_counted_per_client_behind_a_chain_of_trusted_proxies()
    {
        _service.Settings["ImageBackup:TrustedProxies:0"] = "127.0.0.1";
        _service.Settings["ImageBackup:TrustedProxies:1"] = "10.0.0.0/8";

        await FailFiveTimesAsync(_ => "192.0.2.7, 10.0.0.5");

        Assert.Equal(HttpStatusCode.TooManyRequests, await LogInAsync("192.0.2.7, 10.0.0.5"));
        Assert.Equal(HttpStatusCode.Created, await LogInAsync("192.0.2.8, 10.0.0.5"));
    }

    [Fact]
    public async Task A_client_in_a_trusted_network_cannot_forge_its_address()
    {
        _service.Settings["ImageBackup:TrustedProxies:0"] = "127.0.0.0/8";

        await FailFiveTimesAsync(i => $"192.0.2.{i}, 127.0.0.9");

        Assert.Equal(HttpStatusCode.TooManyRequests, await LogInAsync("192.0.2.9, 127.0.0.9"));
        Assert.Equal(HttpStatusCode.Created, await LogInAsync("192.0.2.9, 127.0.0.10"));
    }

    [Fact]
    public async Task A_client_that_is_not_a_trusted_proxy_cannot_forge_its_address()
    {
        _service.Settings["ImageBackup:TrustedProxies:0"] = "10.0.0.0/8";

        await FailFiveTimesAsync(i => $"192.0.2.{i}");

        Assert.Equal(HttpStatusCode.TooManyRequests, await LogInAsync("192.0.2.9"));
    }

    private async Task FailFiveTimesAsync(Func<int, string> client)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await LogInAsync(client(i), "wrong"));
        }
    }

    private async Task<HttpStatusCode> LogInAsync(string client, string? password = null)
    {
        using var response = await SendAsync(
            HttpMethod.Post, "/identity/v3/auth/tokens", EmbeddedFixture.PasswordLogIn("member", password), ("X-Forwarded-For", client));
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _service.Client.SendAsync(request);
    }

    /// <summary>The delay after a failed log-in does not expire during the next one.</summary>
    private sealed class StandingClock : RealPortServiceFixture
    {
        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.UtcNow));
    }
}
