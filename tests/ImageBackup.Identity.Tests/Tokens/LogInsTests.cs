using ImageBackup.Identity.Tests.Users;
using ImageBackup.Identity.Tokens;
using ImageBackup.Identity.Users;

namespace ImageBackup.Identity.Tests.Tokens;

public sealed class LogInsTests : IDisposable
{
    private readonly EmbeddedKeystone _keystone = new(
        new UserSettings { Name = "earlier", PasswordHash = PasswordHashTests.Earlier },
        new UserSettings { Name = "present", PasswordHash = PasswordHashTests.Present },
        new UserSettings { Name = "plain", Password = "open sesame" });

    public void Dispose() => _keystone.Dispose();

    [Theory]
    [InlineData("earlier")]
    [InlineData("present")]
    [InlineData("plain")]
    public async Task A_user_logs_in_by_a_hash_of_each_format_and_by_plain_text(string user)
    {
        var login = await _keystone.LogInAsync(EmbeddedKeystone.ByPassword(user.ToUpperInvariant(), "open sesame"));
        var (token, issued) = await _keystone.Tokens.IssueAsync(login, CancellationToken.None);

        Assert.Equal(user, issued.User.Name);
        Assert.Equal(["member", "reader"], (await _keystone.Tokens.FindAsync(token, CancellationToken.None))!.Roles);
        Assert.DoesNotContain(_keystone.Records, record => record.ToString().Contains(token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("earlier", "open sesamE")]
    [InlineData("present", "open sesamE")]
    [InlineData("plain", "")]
    [InlineData("nobody", "open sesame")]
    public async Task Every_failed_log_in_has_the_same_message(string user, string password)
    {
        var refusal = await Assert.ThrowsAsync<LogInRefusedException>(() => _keystone.LogInAsync(EmbeddedKeystone.ByPassword(user, password)));

        Assert.Equal(LogInRefusedException.AuthenticationRequired, refusal.Message);
        Assert.Null(refusal.RetryAfter);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("nobody")]
    public async Task An_account_with_five_failures_has_to_wait_whether_it_exists_or_not(string user)
    {
        for (var i = 0; i < LogInThrottle.FreeTries; i++)
        {
            await Assert.ThrowsAsync<LogInRefusedException>(() => _keystone.LogInAsync(EmbeddedKeystone.ByPassword(user, "wrong")));
        }

        var refusal = await Assert.ThrowsAsync<LogInRefusedException>(() => _keystone.LogInAsync(EmbeddedKeystone.ByPassword(user, "open sesame")));

        Assert.Equal(TimeSpan.FromSeconds(1), refusal.RetryAfter);
    }

    [Fact]
    public async Task Two_methods_must_prove_the_same_user()
    {
        var (token, _) = await _keystone.Tokens.IssueAsync(await _keystone.LogInAsync(EmbeddedKeystone.ByPassword("plain", "open sesame")), CancellationToken.None);

        var same = await _keystone.LogInAsync(EmbeddedKeystone.ByPassword("plain", "open sesame") with { Methods = ["token", "password"], Token = token });

        Assert.Equal(["token", "password"], same.Methods);
        await Assert.ThrowsAsync<LogInRefusedException>(
            () => _keystone.LogInAsync(EmbeddedKeystone.ByPassword("present", "open sesame") with { Methods = ["token", "password"], Token = token }));
    }
}
