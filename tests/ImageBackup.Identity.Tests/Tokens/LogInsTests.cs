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

    [Theory]
    [InlineData("plain")]
    [InlineData("nobody")]
    public async Task A_name_in_another_domain_is_counted_apart_whether_the_user_exists_or_not(string user)
    {
        var other = EmbeddedKeystone.ByPassword(user, "wrong");
        other = other with { Password = new PasswordClaim(new UserClaim(null, user, InDefaultDomain: false), "wrong") };
        for (var i = 0; i < LogInThrottle.FreeTries; i++)
        {
            await Assert.ThrowsAsync<LogInRefusedException>(() => _keystone.LogInAsync(other));
        }

        var refusal = await Assert.ThrowsAsync<LogInRefusedException>(() => _keystone.LogInAsync(EmbeddedKeystone.ByPassword(user, "wrong")));

        Assert.Null(refusal.RetryAfter);
    }

    [Fact]
    public async Task Many_waiting_log_ins_of_one_network_do_not_delay_another_network()
    {
        var flood = Enumerable.Range(0, 40).Select(i => RefusedAsync($"invented-{i}", "198.51.100.1")).ToList();

        await _keystone.LogInAsync(EmbeddedKeystone.ByPassword("present", "open sesame"), "192.0.2.7");

        Assert.Contains(flood, attempt => !attempt.IsCompleted);
        var refusals = await Task.WhenAll(flood);
        Assert.Contains(refusals, refusal => refusal.RetryAfter == TimeSpan.FromSeconds(1));
        Assert.Contains(refusals, refusal => refusal.RetryAfter is null);
    }

    [Fact]
    public async Task A_canceled_log_in_leaves_its_place_to_the_next()
    {
        using var cancel = new CancellationTokenSource();
        var attempts = Enumerable.Range(0, Environment.ProcessorCount + 4)
            .Select(i => _keystone.LogIns.CheckAsync(EmbeddedKeystone.ByPassword($"invented-{i}", "x"), new LogInOrigin(null, "198.51.100.1"), cancel.Token)).ToList();
        await cancel.CancelAsync();
        foreach (var attempt in attempts)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => attempt);
        }

        await _keystone.LogInAsync(EmbeddedKeystone.ByPassword("present", "open sesame"));
    }

    [Fact]
    public async Task Revoking_a_token_revokes_the_tokens_made_from_it_and_no_other()
    {
        var (first, _) = await _keystone.Tokens.IssueAsync(await _keystone.LogInAsync(EmbeddedKeystone.ByPassword("plain", "open sesame")), CancellationToken.None);
        var second = await _keystone.ExchangeAsync(first);
        var sibling = await _keystone.ExchangeAsync(first);
        var third = await _keystone.ExchangeAsync(second);

        await _keystone.Tokens.RevokeAsync(second, CancellationToken.None);

        Assert.Null(await _keystone.Tokens.FindAsync(second, CancellationToken.None));
        Assert.Null(await _keystone.Tokens.FindAsync(third, CancellationToken.None));
        Assert.NotNull(await _keystone.Tokens.FindAsync(first, CancellationToken.None));
        Assert.NotNull(await _keystone.Tokens.FindAsync(sibling, CancellationToken.None));

        await _keystone.Tokens.RevokeAsync(first, CancellationToken.None);

        Assert.Empty(_keystone.Records);
    }

    [Fact]
    public async Task A_log_in_is_exchanged_for_a_limited_number_of_tokens()
    {
        var (token, _) = await _keystone.Tokens.IssueAsync(await _keystone.LogInAsync(EmbeddedKeystone.ByPassword("plain", "open sesame")), CancellationToken.None);
        var newest = token;
        for (var i = 0; i < TokenStore.MaxExchanged; i++)
        {
            newest = await _keystone.ExchangeAsync(newest);
        }

        var refusal = await Assert.ThrowsAsync<LogInRefusedException>(() => _keystone.ExchangeAsync(newest));

        Assert.Equal("This log-in was exchanged for 100 tokens. Log in again, or revoke some of them.", refusal.Message);
        Assert.Equal(1 + TokenStore.MaxExchanged, _keystone.Records.Count);
    }

    private async Task<LogInRefusedException> RefusedAsync(string user, string network)
        => await Assert.ThrowsAsync<LogInRefusedException>(() => _keystone.LogInAsync(EmbeddedKeystone.ByPassword(user, "wrong"), network));
}
