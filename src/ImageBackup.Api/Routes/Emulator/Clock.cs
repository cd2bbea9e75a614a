using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Emulator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>GET, PUT and DELETE /emulator/clock</summary>
internal static class Clock
{
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How to change what the service takes for now.</summary>
    [Envelope("clock")]
    [BodyExample("An hour later", """{"clock": {"advance_seconds": 3600}}""")]
    internal sealed record SetClockRequest
    {
        /// <summary>The new time. Default: the present one.</summary>
        /// <example>2027-01-31T23:59:00Z</example>
        [StringLength(40, MinimumLength = 1)]
        public string? Now { get; init; }

        /// <summary>Seconds to add; may be negative.</summary>
        /// <example>3600</example>
        [Range(-10_000_000_000L, 10_000_000_000L)]
        public long? AdvanceSeconds { get; init; }

        /// <summary>Whether the time stands still. Default: as before.</summary>
        /// <example>false</example>
        public bool? Frozen { get; init; }
    }

    /// <summary>What the service takes for now.</summary>
    /// <param name="Now" example="2027-01-31T23:59:00Z">The time.</param>
    /// <param name="Frozen" example="true">Whether the time stands still.</param>
    /// <param name="ShiftSeconds" example="3600">The difference from the real time, in seconds.</param>
    [Envelope("clock")]
    internal sealed record ClockResponse(DateTime Now, bool Frozen, double ShiftSeconds)
    {
        public static ClockResponse Of(EmulatorClock clock) => new(clock.GetUtcNow().UtcDateTime, clock.IsFrozen, Math.Round(clock.Shift.TotalSeconds, 3));
    }

    public static Ok<Enveloped<ClockResponse>> Show(EmulatorClock clock) => Enveloped.Ok(ClockResponse.Of(clock));

    public static Ok<Enveloped<ClockResponse>> Set(Body<SetClockRequest> body, EmulatorClock clock)
    {
        var now = body.Value.Now is { } text ? Parse(text) : clock.GetUtcNow();
        var advance = TimeSpan.FromSeconds(body.Value.AdvanceSeconds ?? 0);
        if (now + advance < Earliest || now > Latest - advance)
        {
            throw InvalidField.InRecord("clock", "The time must be from 1970 to 8999.");
        }

        clock.Set(body.Value.Now is null ? null : now, advance, body.Value.Frozen);
        return Enveloped.Ok(ClockResponse.Of(clock));
    }

    public static NoContent Reset(EmulatorClock clock)
    {
        clock.Reset();
        return TypedResults.NoContent();
    }

    private static DateTimeOffset Parse(string text)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw InvalidField.Create("now", text, "Use a time such as 2027-01-31T23:59:00Z.");
}
