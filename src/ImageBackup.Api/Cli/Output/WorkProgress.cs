using System.Globalization;

namespace ImageBackup.Api.Cli.Output;

/// <summary>The progress of a command as one bar over all its steps, with rate and remaining time. Steps are planned in advance, in bytes.</summary>
internal sealed class WorkProgress(ProgressBar bar, TimeProvider time)
{
    /// <summary>Only the end of the command is 100 %.</summary>
    private const double Most = 0.99;

    private readonly long start = time.GetTimestamp();
    private readonly List<WorkStep> steps = [];
    private double shown;
    private bool wasShown;

    /// <summary>Since the command began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Plans a step.</summary>
    /// <param name="title">What the step does, such as <c>Packing boot.img</c>.</param>
    /// <param name="bytes">Bytes of the step; an estimate may be corrected later.</param>
    public WorkStep Plan(string title, long bytes) => Add(new WorkStep(this, title, bytes, isPlanned: true));

    /// <summary>Prepares a step that may turn out to be unnecessary. Its bytes count from its first report on.</summary>
    public WorkStep PlanIfNeeded(string title, long bytes) => Add(new WorkStep(this, title, bytes, isPlanned: false));

    /// <summary>Shows the progress of a step.</summary>
    public void Show(WorkStep step)
    {
        wasShown = true;
        var (done, total) = Sum();
        shown = Math.Max(shown, Math.Min(Most, total == 0 ? 0 : (double)done / total));
        bar.Show(shown, $"{Text(shown, done, total)}, {step.Title}");
    }

    /// <summary>Shows 100 %, if anything was shown, and ends the line.</summary>
    public void Complete()
    {
        if (wasShown)
        {
            var (_, total) = Sum();
            bar.Show(1, Text(1, total, total));
        }

        End();
    }

    /// <summary>Ends the line of a terminal.</summary>
    public void End() => bar.End();

    private WorkStep Add(WorkStep step)
    {
        steps.Add(step);
        return step;
    }

    private (long Done, long Total) Sum() => (steps.Sum(step => step.Done), steps.Sum(step => step.Bytes));

    private string Text(double fraction, long done, long total)
    {
        var elapsed = Elapsed;
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var left = rate > 0 && done < total ? $", {Sizes.Of(TimeSpan.FromSeconds((total - done) / rate))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(fraction * 100)} %, {Sizes.Of(done)} of {Sizes.Of(total)}, {Sizes.Of(rate)}/s{left}");
    }
}
