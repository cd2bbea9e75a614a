using ImageBackup.Identity.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ImageBackup.Identity.Tests.Tokens;

public sealed class LogInThrottleTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogInThrottle _throttle;

    public LogInThrottleTests() => _throttle = new LogInThrottle(_clock);

    [Fact]
    public void The_wait_doubles_up_to_a_minute()
    {
        Fail(LogInThrottle.FreeTries);

        List<double> waits = [];
        for (var i = 0; i < 8; i++)
        {
            var wait = _throttle.Try("demo", "192.0.2.1");
            waits.Add(wait.TotalSeconds);
            _clock.Advance(wait);
            Fail(1);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], waits);
    }

    [Fact]
    public void Another_account_and_another_network_do_not_wait()
    {
        Fail(LogInThrottle.FreeTries);

        Assert.Equal(TimeSpan.Zero, _throttle.Try("other", "192.0.2.1"));
        Assert.Equal(TimeSpan.Zero, _throttle.Try("demo", "192.0.2.2"));
        Assert.NotEqual(TimeSpan.Zero, _throttle.Try("DEMO", "192.0.2.1"));
    }

    [Fact]
    public void A_success_and_a_quarter_of_an_hour_reset_the_count()
    {
        Fail(LogInThrottle.FreeTries - 1);
        _throttle.Succeeded("demo", "192.0.2.1");
        Fail(LogInThrottle.FreeTries - 1);
        _clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromTicks(1));

        Fail(LogInThrottle.FreeTries);
        Assert.NotEqual(TimeSpan.Zero, _throttle.Try("demo", "192.0.2.1"));
    }

    [Fact]
    public void A_flood_of_names_does_not_release_a_throttled_account()
    {
        Fail(LogInThrottle.FreeTries);

        for (var i = 0; i < 2 * LogInThrottle.MaxEntries; i++)
        {
            _throttle.Try($"invented-{i}", $"198.51.{i / 250}.{i % 250}");
        }

        Assert.NotEqual(TimeSpan.Zero, _throttle.Try("demo", "192.0.2.1"));
    }

    [Fact]
    public void A_network_with_fifty_failures_of_any_accounts_may_try_once_a_second()
    {
        for (var i = 0; i < LogInThrottle.NetworkTries; i++)
        {
            Assert.Equal(TimeSpan.Zero, _throttle.Try($"invented-{i}", "192.0.2.1"));
        }

        Assert.Equal(TimeSpan.FromSeconds(1), _throttle.Try("demo", "192.0.2.1"));
        Assert.Equal(TimeSpan.Zero, _throttle.Try("demo", "192.0.2.2"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, _throttle.Try("demo", "192.0.2.1"));
        Assert.Equal(TimeSpan.FromSeconds(1), _throttle.Try("another", "192.0.2.1"));
        _throttle.Succeeded("demo", "192.0.2.1");
        Assert.Equal(TimeSpan.Zero, _throttle.Try("another", "192.0.2.1"));
    }

    [Fact]
    public void A_clock_that_is_set_back_locks_nobody_out()
    {
        var clock = new SettableClock();
        var throttle = new LogInThrottle(clock);
        for (var i = 0; i < LogInThrottle.FreeTries; i++)
        {
            throttle.Try("demo", "192.0.2.1");
        }

        clock.Now -= TimeSpan.FromHours(3);
        clock.Ticks += 2 * TimeSpan.TicksPerSecond;

        Assert.Equal(TimeSpan.Zero, throttle.Try("demo", "192.0.2.1"));
    }

    /// <summary>A clock whose time of day is changed while its monotonic time goes on.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(50);

        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Ticks;
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(TimeSpan.Zero, _throttle.Try("demo", "192.0.2.1"));
        }
    }
}
