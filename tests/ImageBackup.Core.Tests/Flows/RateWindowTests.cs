using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Tests.Flows;

public sealed class RateWindowTests
{
    private readonly Clock clock = new();
    private readonly RateWindow window;

    public RateWindowTests() => window = new RateWindow(clock);

    [Fact]
    public void The_rate_is_that_of_the_last_10_seconds()
    {
        for (var second = 0; second <= 60; second++)
        {
            window.Add(second * 1000);
            clock.Pass(1);
        }

        for (var second = 1; second <= 20; second++)
        {
            window.Add(60_000 + second * 10);
            clock.Pass(1);
        }

        Assert.Equal(10, window.BytesPerSecond()!.Value, 0.1);
    }

    [Fact]
    public void Without_reports_the_rate_stays_and_then_is_0()
    {
        window.Add(0);
        clock.Pass(1);
        window.Add(500);
        var moved = window.MovedAt;

        clock.Pass(9);
        Assert.Equal(500, window.BytesPerSecond());
        clock.Pass(2);
        window.Add(500);

        Assert.Equal(0, window.BytesPerSecond());
        Assert.Equal(moved, window.MovedAt);
    }

    [Fact]
    public void The_bytes_of_an_earlier_run_do_not_count()
    {
        Assert.Null(window.BytesPerSecond());

        window.Add(1L << 40);
        Assert.Null(window.BytesPerSecond());
        clock.Pass(2);
        window.Add((1L << 40) + 200);

        Assert.Equal(100, window.BytesPerSecond());
    }

    [Fact]
    public void A_task_that_begins_again_begins_a_new_window()
    {
        window.Add(0);
        clock.Pass(1);
        window.Add(1_000_000);
        clock.Pass(1);

        window.Add(0);
        clock.Pass(1);
        window.Add(300);

        Assert.Equal(300, window.BytesPerSecond());
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public override DateTimeOffset GetUtcNow() => now;

        public void Pass(double seconds) => now = now.AddSeconds(seconds);
    }
}
