namespace ImageBackup.Identity.Tokens;

/// <summary>
/// Slows down guessing. After <see cref="FreeTries"/> failures of one account from one network, each further try has to wait 1 second,
/// then twice as long each time, up to a minute. After <see cref="NetworkTries"/> failures of any accounts, a network may try once a second.
/// A success or 15 minutes without a try reset an account's count. Memory is bounded. Changes of the system's clock have no effect.
/// </summary>
public sealed class LogInThrottle(TimeProvider clock)
{
    public const int FreeTries = 5;
    public const int NetworkTries = 50;
    public const int MaxEntries = 10_000;
    private const int LongestSeconds = 60;
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);
    private readonly long _start = clock.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Entry> _entries = [];

    /// <summary>Returns how long an account must wait. Zero allows one try, which counts as a failure until <see cref="Succeeded"/> is called.</summary>
    public TimeSpan Try(string account, string network)
    {
        var now = clock.GetElapsedTime(_start);
        lock (_lock)
        {
            var one = Current(Key.Of(account, network), now);
            var all = Current(Key.Of(network), now);
            var wait = (one.NotBefore > all.NotBefore ? one.NotBefore : all.NotBefore) - now;
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            // Counted before the password is checked, so that parallel attempts cannot bypass the limit.
            MakeRoom(now);
            _entries[Key.Of(account, network)] = one.Failed(now, AccountDelay(one.Failures + 1));
            _entries[Key.Of(network)] = all.Failed(now, all.Failures + 1 < NetworkTries ? TimeSpan.Zero : TimeSpan.FromSeconds(1));
            return TimeSpan.Zero;
        }
    }

    /// <summary>Resets the count of an account in a network, and takes its last try from the network's count.</summary>
    public void Succeeded(string account, string network)
    {
        lock (_lock)
        {
            _entries.Remove(Key.Of(account, network));
            if (_entries.TryGetValue(Key.Of(network), out var all))
            {
                _entries[Key.Of(network)] = all with { Failures = all.Failures - 1, NotBefore = all.Last };
            }
        }
    }

    private Entry Current(Key key, TimeSpan now)
        => _entries.GetValueOrDefault(key) is { } entry && now - entry.Last <= Forgotten ? entry : new Entry(0, now, now);

    private static TimeSpan AccountDelay(int failures)
        => failures < FreeTries ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - FreeTries), LongestSeconds));

    private void MakeRoom(TimeSpan now)
    {
        if (_entries.Count < MaxEntries)
        {
            return;
        }

        // Entries with few failures leave first, so that a flood of invented names does not release a throttled account.
        var leaving = _entries.OrderBy(pair => now - pair.Value.Last > Forgotten ? 0 : pair.Value.Failures).ThenBy(pair => pair.Value.Last)
            .Take(MaxEntries / 10).Select(pair => pair.Key).ToList();
        foreach (var key in leaving)
        {
            _entries.Remove(key);
        }
    }

    /// <summary>An account in a network, or all accounts of a network.</summary>
    private readonly record struct Key(string? Account, string Network)
    {
        public static Key Of(string account, string network) => new(account.ToUpperInvariant(), network);

        public static Key Of(string network) => new(null, network);
    }

    /// <summary>Times are measured from the start of the throttle.</summary>
    private sealed record Entry(int Failures, TimeSpan NotBefore, TimeSpan Last)
    {
        public Entry Failed(TimeSpan now, TimeSpan delay) => new(Failures + 1, now + delay, now);
    }
}
