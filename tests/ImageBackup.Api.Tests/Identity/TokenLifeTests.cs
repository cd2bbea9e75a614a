using System.Net;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>Apart from the other log-in tests: these move the clock and use accounts up.</summary>
public sealed class TokenLifeTests : IDisposable
{
    private readonly EmbeddedFixture _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_token_ends_after_six_hours()
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
    public async Task Tokens_outlive_a_restart_unless_their_user_is_gone()
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
    public async Task After_five_failures_an_account_has_to_wait_longer_each_time_even_with_the_right_password()
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
}
