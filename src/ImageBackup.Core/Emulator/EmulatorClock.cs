namespace ImageBackup.Core.Emulator;

/// <summary>
/// What the service takes for now. It can be shifted, frozen and advanced. Durations and timers stay real, so that waits and timeouts end.
/// </summary>
public sealed class EmulatorClock : TimeProvider
{
    private readonly Lock gate = new();
    private TimeSpan shift;
    private DateTimeOffset? frozenAt;

    /// <summary>True if the time stands still.</summary>
    public bool IsFrozen => frozenAt is not null;

    /// <summary>The difference from the real time.</summary>
    public TimeSpan Shift => GetUtcNow() - System.GetUtcNow();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return frozenAt ?? System.GetUtcNow() + shift;
        }
    }

    /// <summary>Sets the time, advances it, and then lets it stand still or go on.</summary>
    /// <param name="now">The new time; null for the present one.</param>
    /// <param name="advance">Added to the time; may be negative.</param>
    /// <param name="frozen">Whether the time stands still; null to leave that as it is.</param>
    public void Set(DateTimeOffset? now, TimeSpan advance, bool? frozen)
    {
        lock (gate)
        {
            var time = (now ?? GetUtcNow()) + advance;
            frozenAt = frozen ?? IsFrozen ? time.ToUniversalTime() : null;
            shift = time - System.GetUtcNow();
        }
    }

    /// <summary>Returns to the real time.</summary>
    public void Reset()
    {
        lock (gate)
        {
            (shift, frozenAt) = (TimeSpan.Zero, null);
        }
    }
}
