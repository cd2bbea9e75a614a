using System.Globalization;
using System.Text.Json;

namespace ImageBackup.Api.Cli.Output;

/// <summary>What a command on files prints: its progress and its summary on the error stream, its result on standard output.</summary>
/// <param name="asJson">The result as JSON instead of text.</param>
/// <param name="isQuiet">Neither progress nor summary.</param>
/// <param name="time">Measures the seconds of the summary.</param>
internal sealed class CommandOutput(bool asJson, bool isQuiet, TimeProvider time)
{
    /// <summary>True if the result is JSON.</summary>
    public bool AsJson => asJson;

    /// <summary>The one bar of the command.</summary>
    public WorkProgress Progress { get; } = new(new ProgressBar(isQuiet, time), time);

    /// <summary>Returns what the command did, up to now.</summary>
    /// <param name="bytes">Bytes of the disks.</param>
    /// <param name="storedBytes">Bytes of the archive or image that holds them.</param>
    public WorkSummary Summarize(long bytes, long storedBytes)
        => new(bytes, storedBytes, storedBytes == 0 ? 0 : Math.Round((double)bytes / storedBytes, 2), Math.Round(Progress.Elapsed.TotalSeconds, 3));

    /// <summary>Ends the bar and prints the result.</summary>
    /// <param name="value">The result as JSON.</param>
    /// <param name="text">The result as text; null to print none.</param>
    /// <param name="summary">The summary; null for a command that has read no data. Part of <paramref name="value"/> in JSON.</param>
    public void Result<T>(T value, string? text, WorkSummary? summary)
    {
        Progress.Complete();
        if (asJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(value, CliJson.Options));
            return;
        }

        if (text is not null)
        {
            Console.Out.WriteLine(text);
        }

        if (!isQuiet && summary is not null)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Sizes.Of(summary.Bytes)} of disks, {Sizes.Of(summary.StoredBytes)} stored, ratio {summary.Ratio:0.00}, {summary.Seconds:0.0} s"));
        }
    }
}

/// <summary>What a command did.</summary>
/// <param name="Bytes">Bytes of the disks, as a guest sees them.</param>
/// <param name="StoredBytes">Bytes of the archive or image that holds them.</param>
/// <param name="Ratio">Bytes of the disks for each stored byte; 0 if nothing is stored.</param>
/// <param name="Seconds">Seconds that the command took.</param>
internal sealed record WorkSummary(long Bytes, long StoredBytes, double Ratio, double Seconds);
