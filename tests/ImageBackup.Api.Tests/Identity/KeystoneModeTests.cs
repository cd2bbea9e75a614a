using System.Diagnostics;
using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary><c>Auth:Mode Keystone</c> with OpenStack's own Keystone.</summary>
[Collection(nameof(RealKeystone))]
public sealed class KeystoneModeTests(RealKeystone keystone) : IAsyncLifetime
{
    private readonly RealPortServiceFixture _service = new();

    public async ValueTask InitializeAsync()
    {
        await keystone.StartAsync();
        Configure(_service, keystone.Url);
    }

    public ValueTask DisposeAsync()
    {
        _service.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static void Configure(ServiceFixture service, string url)
    {
        service.Settings["ImageBackup:Auth:Mode"] = "Keystone";
        service.Settings["ImageBackup:Auth:Keystone:AuthUrl"] = url;
        service.Settings["ImageBackup:Auth:Keystone:Username"] = "admin";
        service.Settings["ImageBackup:Auth:Keystone:Password"] = RealKeystone.AdminPassword;
        service.Settings["ImageBackup:Auth:Keystone:ProjectName"] = "admin";
        service.Settings["ImageBackup:Auth:Keystone:CacheTime"] = "00:00:01";
    }

    [Fact]
    public async Task Tokens_of_Keystone_work_in_their_project_with_their_roles()
    {
        var (admin, _) = await keystone.LogInAsync("admin", "ibm-default");
        var (reader, _) = await keystone.LogInAsync("reader", "ibm-default");
        var (elsewhere, _) = await keystone.LogInAsync("admin", "admin");
        var (unscoped, _) = await keystone.LogInAsync("reader", null);
        var list = $"/v3/{keystone.ProjectId}/image-backups";
        var reset = $"{list}/1/reset_status";

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, list, reader));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Put, reset, reader));
        Assert.NotEqual(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Put, reset, admin));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(HttpMethod.Get, list, elsewhere));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(HttpMethod.Get, list, unscoped));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, list, "made-up"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, list, null));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_after_the_cache_time()
    {
        var (token, _) = await keystone.LogInAsync("member", "ibm-default");
        var list = $"/v3/{keystone.ProjectId}/image-backups";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, list, token));

        await keystone.RevokeAsync(token);

        var waited = Stopwatch.StartNew();
        while (await StatusAsync(HttpMethod.Get, list, token) != HttpStatusCode.Unauthorized)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), "The revoked token still works.");
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task A_401_names_keystone_and_the_embedded_keystone_is_off()
    {
        using var response = await _service.Client.GetAsync($"/v3/{keystone.ProjectId}/image-backups");
        using var identity = await _service.Client.PostAsync("/identity/v3/auth/tokens", null);

        Assert.Equal($"Keystone uri=\"{keystone.Url}\"", Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
        Assert.Equal(HttpStatusCode.Unauthorized, identity.StatusCode);
    }

    [Fact]
    public async Task A_service_user_that_Keystone_refuses_is_a_503()
    {
        _service.Settings["ImageBackup:Auth:Keystone:Password"] = "wrong";
        var (token, _) = await keystone.LogInAsync("member", "ibm-default");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(HttpMethod.Get, $"/v3/{keystone.ProjectId}/image-backups", token));
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Add("X-Auth-Token", token);
        }

        using var response = await _service.Client.SendAsync(request);
        return response.StatusCode;
    }
}

/// <summary>The same mode while Keystone is unavailable.</summary>
public sealed class KeystoneUnavailableTests
{
    [Fact]
    public async Task An_unavailable_keystone_is_a_503_and_health_still_answers()
    {
        using var service = new ServiceFixture();
        KeystoneModeTests.Configure(service, "http://127.0.0.1:1");

        using var request = new HttpRequestMessage(HttpMethod.Get, ServiceFixture.V3("/image-backups"));
        request.Headers.Add("X-Auth-Token", "some-token");
        using var response = await service.Client.SendAsync(request);
        using var health = await service.Client.GetAsync("/healthcheck");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(
            """{"serviceUnavailable":{"code":503,"message":"The Keystone service is temporarily unavailable."}}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }
}
