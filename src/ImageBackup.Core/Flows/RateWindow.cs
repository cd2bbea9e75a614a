namespace ImageBackup.Core.Flows;

/// <summary>The rate of a running task over the last seconds. Between two reports it stays as it is, so that an estimate made of it does not grow.</summary>
internal sealed class RateWindow(TimeProvider time)
{
    /// <summary>Without a report for this time, the rate is 0.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Queue<Sample> samples = [];
    private Sample last;

    /// <summary>The time of the last report with more bytes, UTC; null before the first report.</summary>
    public DateTime? MovedAt { get; private set; }

    /// <summary>Adds the bytes done so far. The first report is the start, because a resumed task begins with the bytes of its earlier run.</summary>
    public void Add(long bytes)
    {
        lock (gate)
        {
            var now = new Sample(time.GetTimestamp(), bytes);
            if (samples.Count == 0 || bytes < last.Bytes)
            {
                samples.Clear();
                samples.Enqueue(now);
            }
            else if (bytes == last.Bytes)
            {
                return;
            }
            else if (time.GetElapsedTime(samples.Last().Stamp, now.Stamp) >= Step)
            {
                samples.Enqueue(now);
            }

            (last, MovedAt) = (now, time.GetUtcNow().UtcDateTime);
            while (samples.Count > 1 && time.GetElapsedTime(samples.Peek().Stamp, now.Stamp) > Length)
            {
                samples.Dequeue();
            }
        }
    }

    /// <summary>Returns the bytes per second; null before there are two reports some time apart.</summary>
    public double? BytesPerSecond()
    {
        lock (gate)
        {
            if (samples.Count == 0)
            {
                return null;
            }

            if (time.GetElapsedTime(last.Stamp) > Length)
            {
                return 0;
            }

            var span = time.GetElapsedTime(samples.Peek().Stamp, last.Stamp);
            return span < Step ? null : (last.Bytes - samples.Peek().Bytes) / span.TotalSeconds;
        }
    }

    private readonly record struct Sample(long Stamp, long Bytes);
}
