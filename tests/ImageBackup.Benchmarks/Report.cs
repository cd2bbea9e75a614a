using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ImageBackup.Benchmarks;

/// <summary>Writes the results as Markdown and as JSON.</summary>
internal static class Report
{
    public const string Begin = "<!-- measured: begin, written by ImageBackup.Benchmarks -->";
    public const string End = "<!-- measured: end -->";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>One benchmark as Markdown.</summary>
    public static string Describe(BenchmarkResult result)
    {
        var text = new StringBuilder();
        Line(text, $"### {result.Name}: {result.Subject}\n");
        if (result.Contenders.Count > 0)
        {
            Line(text, $"| | wall s | CPU s | peak MiB | result MiB |\n|---|---|---|---|---|");
            foreach (var contender in result.Contenders)
            {
                var name = contender.IsOurs ? $"**{contender.Name}**" : $"`{contender.Name}`";
                Line(text, $"| {name.Replace("|", "\\|")} | {contender.Median.WallSeconds:0.00} | {contender.Median.CpuSeconds:0.00} | {contender.Median.PeakBytes >> 20} | {contender.Median.OutputBytes / 1048576.0:0.0} |");
            }

            Line(text, $"");
        }

        Line(text, $"| figure | measured | bar | aim | |\n|---|---|---|---|---|");
        foreach (var figure in result.Figures)
        {
            Line(text, $"| {figure.Name.Replace("|", "\\|")} | **{figure.Value:0.###} {figure.Unit}** | {figure.Bar} | {figure.Aim} | {Verdict(figure)} |");
        }

        if (result.Tasks.Count > 0)
        {
            Line(text, $"\nOurs (Fast, the median run), seconds by task: {string.Join(", ", result.Tasks.Select(task => string.Create(CultureInfo.InvariantCulture, $"{task.Key} {task.Value:0.000}")))}.");
        }

        return text.ToString();
    }

    /// <summary>Writes the results into the page and the JSON file of the options.</summary>
    public static async Task WriteAsync(BenchmarkOptions options, IReadOnlyList<BenchmarkResult> results, CancellationToken cancellationToken)
    {
        if (options.Json is { } json)
        {
            await File.WriteAllTextAsync(json, JsonSerializer.Serialize(results, Indented), cancellationToken);
        }

        if (options.Docs is { } docs)
        {
            var page = await File.ReadAllTextAsync(docs, cancellationToken);
            var begin = page.IndexOf(Begin, StringComparison.Ordinal);
            var end = page.IndexOf(End, StringComparison.Ordinal);
            if (begin < 0 || end < begin)
            {
                throw new InvalidDataException($"{docs} has no lines '{Begin}' and '{End}' to write between.");
            }

            var measured = string.Join('\n', results.Select(Describe));
            await File.WriteAllTextAsync(docs, $"{page[..(begin + Begin.Length)]}\n\n{measured}\n{page[end..]}", cancellationToken);
        }
    }

    private static string Verdict(Figure figure) => figure switch
    {
        { ReachesAim: true } => "aim reached",
        { ReachesBar: true } => "bar reached",
        { ReachesBar: false } => "not reached",
        _ => "",
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
