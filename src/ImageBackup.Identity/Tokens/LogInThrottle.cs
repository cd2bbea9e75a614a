namespace ImageBackup.Identity.Tokens;

/// <summary>
/// Slows down guessing. After <see cref="FreeTries"/> failures of one account from one network, each further try has to wait 1 second,
/// then twice as long each time, up to a minute. A success or 15 minutes without a try reset the count. Memory is bounded.
/// </summary>
public sealed class LogInThrottle(TimeProvider clock)
{
    public const int FreeTries = 5;
    public const int MaxEntries = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Account, string Network), Entry> _entries = [];

    /// <summary>Returns how long an account must wait. Zero allows one try, which counts as a failure until <see cref="Succeeded"/> is called.</summary>
    public TimeSpan Try(string account, string network)
    {
        var now = clock.GetUtcNow();
        var key = Key(account, network);
        lock (_lock)
        {
            var entry = _entries.GetValueOrDefault(key);
            if (entry is null || now - entry.Last > Forgotten)
            {
                entry = new Entry(0, now, now);
            }

            if (entry.NotBefore > now)
            {
                return entry.NotBefore - now;
            }

            // Counted before the password is checked, so that parallel attempts cannot bypass the limit.
            var failures = entry.Failures + 1;
            MakeRoom(now);
            _entries[key] = new Entry(failures, now + Delay(failures), now);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Resets the count of an account in a network.</summary>
    public void Succeeded(string account, string network)
    {
        lock (_lock)
        {
            _entries.Remove(Key(account, network));
        }
    }

    private static TimeSpan Delay(int failures)
        => failures < FreeTries ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - FreeTries), Longest.TotalSeconds));

    private void MakeRoom(DateTimeOffset now)
    {
        if (_entries.Count < MaxEntries)
        {
            return;
        }

        // Accounts with few failures leave first, so that a flood of invented names does not release a throttled account.
        var leaving = _entries.OrderBy(pair => now - pair.Value.Last > Forgotten ? 0 : pair.Value.Failures).ThenBy(pair => pair.Value.Last)
            .Take(MaxEntries / 10).Select(pair => pair.Key).ToList();
        foreach (var key in leaving)
        {
            _entries.Remove(key);
        }
    }

    private static (string Account, string Network) Key(string account, string network) => (account.ToUpperInvariant(), network);

    private sealed record Entry(int Failures, DateTimeOffset NotBefore, DateTimeOffset Last);
}
