using System.Globalization;

namespace ImageBackup.Api.Cli.Output;

/// <summary>One bar on the error stream: drawn in place on a terminal; in a pipe, a plain line for each tenth. Never on standard output.</summary>
/// <param name="isQuiet">True to show nothing.</param>
/// <param name="time">Tells when to draw again.</param>
internal sealed class ProgressBar(bool isQuiet, TimeProvider time)
{
    private const int Length = 30;
    private const int Tenths = 10;
    private static readonly TimeSpan BetweenDrawings = TimeSpan.FromMilliseconds(100);

    private readonly bool isTerminal = !Console.IsErrorRedirected;
    private long? lastDrawing;
    private int lastTenth = -1;
    private (double Fraction, string Text)? undrawn;

    /// <summary>Shows the progress.</summary>
    /// <param name="fraction">From 0 to 1.</param>
    /// <param name="text">The words behind the bar.</param>
    public void Show(double fraction, string text)
    {
        if (isQuiet)
        {
            return;
        }

        if (!isTerminal)
        {
            ShowInPipe(fraction, text);
        }
        else if (lastDrawing is { } last && time.GetElapsedTime(last) < BetweenDrawings)
        {
            undrawn = (fraction, text);
        }
        else
        {
            Draw(fraction, text);
        }
    }

    /// <summary>Ends the line of a terminal, so that other text can follow. A later <see cref="Show"/> begins a new one.</summary>
    public void End()
    {
        if (undrawn is { } last)
        {
            Draw(last.Fraction, last.Text);
        }

        if (lastDrawing is not null)
        {
            lastDrawing = null;
            Console.Error.WriteLine();
        }
    }

    private void ShowInPipe(double fraction, string text)
    {
        var tenth = (int)(fraction * Tenths);
        if (tenth > lastTenth)
        {
            lastTenth = tenth;
            Console.Error.WriteLine(text);
        }
    }

    private void Draw(double fraction, string text)
    {
        var filled = (int)(fraction * Length);
        var line = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', filled)}{new string('.', Length - filled)}] {text}");

        // A line that wraps could not be drawn over.
        var width = Console.WindowWidth - 1;
        Console.Error.Write($"\r{(width > 0 && line.Length > width ? line[..width] : line)}\e[K");
        lastDrawing = time.GetTimestamp();
        undrawn = null;
    }
}
