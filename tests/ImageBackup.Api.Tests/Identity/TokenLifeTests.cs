using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>How long tokens are valid. These tests have their own service, because they move the clock and throttle accounts.</summary>
public sealed class TokenLifeTests : IDisposable
{
    private readonly EmbeddedFixture _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_token_expires_after_six_hours()
    {
        var token = await _service.TokenOfAsync("reader");

        _service.Clock.Advance(TimeSpan.FromHours(6) - TimeSpan.FromSeconds(1));
        using var before = await _service.SendAsync(HttpMethod.Get, "/identity/v3/auth/projects", token);
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var after = await _service.SendAsync(HttpMethod.Get, "/identity/v3/auth/projects", token);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Tokens_survive_a_restart_unless_their_user_is_removed()
    {
        var reader = await _service.TokenOfAsync("reader");
        var stranger = await _service.TokenOfAsync("stranger");

        await _service.StopAsync();
        _service.Settings["ImageBackup:Auth:Users:3:Name"] = "somebody-else";
        using var kept = await _service.SendAsync(HttpMethod.Get, "/identity/v3/auth/projects", reader);
        using var gone = await _service.SendAsync(HttpMethod.Get, "/identity/v3/auth/projects", stranger);

        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
    }

    [Fact]
    public async Task Removing_the_key_of_the_fingerprints_ends_all_tokens()
    {
        var token = await _service.TokenOfAsync("member");
        var key = Path.Combine(_service.Paths.Keys, "token-fingerprints.key");
        Assert.Equal(32, new FileInfo(key).Length);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(key) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));

        await _service.StopAsync();
        File.Delete(key);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/image-backups", token));
    }

    [Theory]
    [InlineData("Users:1:Password", "another-password", HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("Users:1:Projects:0", "other", HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("Users:1:Name", "somebody-else", HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("Users:1:ApplicationCredentials:0:Secret", "another-secret", HttpStatusCode.OK, HttpStatusCode.Unauthorized)]
    [InlineData("Users:1:ApplicationCredentials:0:ExpiresAt", "2020-01-01T00:00:00Z", HttpStatusCode.OK, HttpStatusCode.Unauthorized)]
    [InlineData("Users:2:Password", "another-password", HttpStatusCode.OK, HttpStatusCode.OK)]
    public async Task A_changed_setting_ends_the_tokens_that_depend_on_it(string setting, string value, HttpStatusCode byPassword, HttpStatusCode byCredential)
    {
        var passwordToken = await _service.TokenOfAsync("member");
        using var logIn = await _service.LogInAsync(EmbeddedFixture.CredentialLogIn("ci-secret-value"));
        var credentialToken = logIn.Headers.GetValues("X-Subject-Token").Single();

        await _service.StopAsync();
        _service.Settings[$"ImageBackup:Auth:{setting}"] = value;

        Assert.Equal(byPassword, await StatusAsync(HttpMethod.Get, "/image-backups", passwordToken));
        Assert.Equal(byCredential, await StatusAsync(HttpMethod.Get, "/image-backups", credentialToken));
    }

    [Fact]
    public async Task A_token_has_the_present_roles()
    {
        var token = await _service.TokenOfAsync("member");
        var before = await StatusAsync(HttpMethod.Delete, "/image-backups/1", token);

        await _service.StopAsync();
        _service.Settings["ImageBackup:Auth:Users:1:Roles:0"] = "reader";

        Assert.Equal(HttpStatusCode.NotFound, before);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Delete, "/image-backups/1", token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, "/image-backups", token));
    }

    [Fact]
    public async Task After_five_failures_the_delay_grows_even_for_the_right_password()
    {
        for (var i = 0; i < 5; i++)
        {
            using var failed = await _service.LogInAsync(EmbeddedFixture.PasswordLogIn("reader", "wrong"));
            Assert.Equal(HttpStatusCode.Unauthorized, failed.StatusCode);
        }

        using var slowed = await _service.LogInAsync(EmbeddedFixture.PasswordLogIn("reader"));
        using var other = await _service.LogInAsync(EmbeddedFixture.PasswordLogIn("member"));
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var failedAgain = await _service.LogInAsync(EmbeddedFixture.PasswordLogIn("reader", "wrong"));
        using var slowedMore = await _service.LogInAsync(EmbeddedFixture.PasswordLogIn("reader"));
        _service.Clock.Advance(TimeSpan.FromSeconds(2));
        using var passed = await _service.LogInAsync(EmbeddedFixture.PasswordLogIn("reader"));

        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.Equal("1", Assert.Single(slowed.Headers.GetValues("Retry-After")));
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, failedAgain.StatusCode);
        Assert.Equal("2", Assert.Single(slowedMore.Headers.GetValues("Retry-After")));
        Assert.Equal(HttpStatusCode.Created, passed.StatusCode);
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string token)
    {
        using var response = await _service.SendAsync(method, ServiceFixture.V3(path), token);
        return response.StatusCode;
    }
}
