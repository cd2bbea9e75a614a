using System.Globalization;
using System.Text;
using System.Text.Json;
using ImageBackup.Benchmarks.Growth;

namespace ImageBackup.Benchmarks;

/// <summary>Writes the results as Markdown and as JSON.</summary>
internal static class Report
{
    public const string Begin = "<!-- measured: begin, written by ImageBackup.Benchmarks -->";
    public const string End = "<!-- measured: end -->";

    private const string Heading = "### ";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>One benchmark as Markdown.</summary>
    public static string Describe(BenchmarkResult result)
    {
        var text = new StringBuilder();
        Line(text, $"{Heading}{result.Name}: {result.Subject}\n");
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

        if (result.Growth is { } growth)
        {
            Describe(text, growth);
            Line(text, $"![Milliseconds by the number of records]({PlotOf(result)})\n");
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

            var measured = string.Join('\n', Merge(page[(begin + Begin.Length)..end], results));
            await File.WriteAllTextAsync(docs, $"{page[..(begin + Begin.Length)]}\n\n{measured}\n{page[end..]}", cancellationToken);
            foreach (var result in results.Where(result => result.Growth is not null))
            {
                await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(docs)!, PlotOf(result)), GrowthPlot.Draw(result.Growth!), cancellationToken);
            }
        }
    }

    /// <summary>Returns the sections of the page with the new results in place of the former ones, in the order of the catalogue.</summary>
    private static IEnumerable<string> Merge(string present, IReadOnlyList<BenchmarkResult> results)
    {
        var sections = $"\n{present}".Split($"\n{Heading}").Skip(1).ToDictionary(section => section[..section.IndexOf(':', StringComparison.Ordinal)], section => $"{Heading}{section.TrimEnd()}\n");
        foreach (var result in results)
        {
            sections[result.Name] = Describe(result);
        }

        return Catalogue.All.Where(benchmark => sections.ContainsKey(benchmark.Name)).Select(benchmark => sections[benchmark.Name]);
    }

    /// <summary>Returns the path of a result's plot, relative to the page.</summary>
    private static string PlotOf(BenchmarkResult result) => $"images/{result.Name}.svg";

    private static void Describe(StringBuilder text, GrowthTable growth)
    {
        Line(text, $"| | {string.Join(" | ", growth.Sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture)))} |\n|---{string.Concat(growth.Sizes.Select(_ => "|---"))}|");
        foreach (var row in growth.Rows)
        {
            Line(text, $"| {row.Name} | {string.Join(" | ", row.Readings.Select(Describe))} |");
        }

        Line(text, $"");
    }

    private static string Describe(Reading reading)
        => string.Create(CultureInfo.InvariantCulture, $"**{reading.Value:0.###} {reading.Unit}**, {(reading.Value <= reading.Bar ? "bar" : "not reached: bar")} {reading.Bar}");

    private static string Verdict(Figure figure) => figure switch
    {
        { ReachesAim: true } => "aim reached",
        { ReachesBar: true } => "bar reached",
        { ReachesBar: false } => "not reached",
        _ => "",
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
