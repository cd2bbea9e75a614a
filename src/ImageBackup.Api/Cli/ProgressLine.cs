using System.Globalization;
using ImageBackup.Api.Cli.Output;

namespace ImageBackup.Api.Cli;

/// <summary>
/// Shows progress on the error stream: a bar with rate and remaining time on a terminal, a line for each tenth in a pipe.
/// </summary>
internal sealed class ProgressLine(string title, long total, TimeProvider time) : IProgress<long>, IDisposable
{
    private const int BarLength = 30;
    private const int PipeSteps = 10;
    private static readonly TimeSpan BetweenDrawings = TimeSpan.FromMilliseconds(100);

    private readonly bool isTerminal = !Console.IsErrorRedirected;
    private readonly long start = time.GetTimestamp();
    private long lastDrawing;
    private long done;
    private int lastStep;

    /// <summary>Receives the bytes done so far.</summary>
    public void Report(long value)
    {
        done = Math.Min(value, total);
        if (isTerminal)
        {
            if (lastDrawing == 0 || time.GetElapsedTime(lastDrawing) >= BetweenDrawings)
            {
                lastDrawing = time.GetTimestamp();
                Draw();
            }
        }
        else if (Step() > lastStep)
        {
            lastStep = Step();
            Console.Error.WriteLine(Text());
        }
    }

    /// <summary>Receives the bytes done so far, as an <see cref="Ova.OvaProgress"/>.</summary>
    public ValueTask ReportAsync(long bytesDone, CancellationToken cancellationToken)
    {
        Report(bytesDone);
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the line.</summary>
    public void Dispose()
    {
        if (isTerminal && lastDrawing != 0)
        {
            Draw();
            Console.Error.WriteLine();
        }
    }

    private double Fraction => total == 0 ? 1 : (double)done / total;

    private int Step() => (int)(Fraction * PipeSteps);

    private void Draw()
    {
        var filled = (int)(Fraction * BarLength);
        Console.Error.Write($"\r[{new string('#', filled)}{new string('.', BarLength - filled)}] {Text()}\e[K");
    }

    private string Text()
    {
        var elapsed = time.GetElapsedTime(start);
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var left = rate > 0 && done < total ? $", {Sizes.Of(TimeSpan.FromSeconds((total - done) / rate))} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{title}: {Math.Floor(Fraction * 100)} %, {Sizes.Of(done)} of {Sizes.Of(total)}, {Sizes.Of(rate)}/s{left}");
    }
}
