using System.Net;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Auth;

/// <summary>
/// Slows down guessing: after <see cref="FreeTries"/> failures of one account from one address each further try must wait, 1 second first and twice
/// as long each time, up to a minute. A success, or a quarter of an hour of silence, forgets it. What it keeps is bounded.
/// </summary>
internal sealed class LoginThrottle(TimeProvider clock)
{
    public const int FreeTries = 5;
    public const int MaxEntries = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Account, string Address), Entry> _entries = [];

    /// <summary>Zero where the account may try now, which then counts as a failure until <see cref="Succeeded"/>; otherwise how long it has to wait.</summary>
    public TimeSpan Try(string account, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        var key = Key(account, address);
        lock (_lock)
        {
            var entry = _entries.GetValueOrDefault(key) ?? new Entry(0, now, now);
            if (now - entry.Last > Forgotten)
            {
                entry = new Entry(0, now, now);
            }

            if (entry.NotBefore > now)
            {
                return entry.NotBefore - now;
            }

            // Counted before the password is looked at: many tries at the same moment are no way around.
            var failures = entry.Failures + 1;
            MakeRoom(now);
            _entries[key] = new Entry(failures, now + Delay(failures), now);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Forgets the failures of an account at an address.</summary>
    public void Succeeded(string account, IPAddress? address)
    {
        lock (_lock)
        {
            _entries.Remove(Key(account, address));
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

        // The ones that nothing holds back go first: a flood of made-up names doesn't set a slowed-down one free.
        var leaving = _entries.OrderBy(pair => now - pair.Value.Last > Forgotten ? 0 : pair.Value.Failures).ThenBy(pair => pair.Value.Last)
            .Take(MaxEntries / 10).Select(pair => pair.Key).ToList();
        foreach (var key in leaving)
        {
            _entries.Remove(key);
        }
    }

    private static (string Account, string Address) Key(string account, IPAddress? address)
        => (account.ToUpperInvariant(), ClientAddress.Network(address));

    private sealed record Entry(int Failures, DateTimeOffset NotBefore, DateTimeOffset Last);
}
