using System.Text.Json;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The dashboard and the page name only metrics and labels that <c>/metrics</c> serves.</summary>
public sealed partial class DashboardTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Every_metric_and_label_is_served()
    {
        var served = await ServedAsync();
        var dashboard = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "docs", "grafana-dashboard.json"));
        var page = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "docs", "operations.md"));

        var queries = Expressions(JsonDocument.Parse(dashboard).RootElement).ToList();
        var rows = MetricRow().Matches(page);

        Assert.NotEmpty(queries);
        foreach (var query in queries)
        {
            AssertServed(served, query, Metric().Match(Labels().Replace(query, "")).Value, [.. Labels().Matches(query).SelectMany(by => by.Groups["label"].Captures).Select(label => label.Value)]);
        }

        Assert.True(rows.Count > 5);
        foreach (Match row in rows)
        {
            foreach (Match metric in Metric().Matches(row.Groups["metrics"].Value))
            {
                AssertServed(served, row.Value, metric.Value, [.. Word().Matches(row.Groups["labels"].Value).Select(label => label.Value)]);
            }
        }
    }

    /// <summary>Samples after an operation that succeeded and one that failed.</summary>
    private async Task<List<string>> ServedAsync()
    {
        var client = new BackupClient(service);
        var image = await new ImageSeeds(service).ImageAsync(Content.Random(1 << 20));
        await client.ExportedAsync(image);
        service.Fail("create_ova_*", 0);
        await client.WaitAsync(await client.ExportAsync(image));
        var text = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return [.. text.Split('\n').Where(line => !line.StartsWith('#'))];
    }

    private static void AssertServed(List<string> served, string where, string metric, string[] labels)
    {
        // The page names the base of a histogram.
        var samples = served.Where(sample => Regex.IsMatch(sample, $"^{metric}(_bucket)?[{{ ]")).ToList();
        Assert.True(samples.Count > 0, $"{metric} is not served: {where}");
        Assert.All(labels, label => Assert.True(samples.Exists(sample => sample.Contains($"{label}=\"", StringComparison.Ordinal)), $"{metric} has no label {label}: {where}"));
    }

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property.Name == "expr" ? [property.Value.GetString()!] : Expressions(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    [GeneratedRegex("(imagebackup|http|dotnet|process|kestrel)_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"by \((?<label>\w+)(, (?<label>\w+))*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"^\| (?<metrics>`imagebackup_[^|]*)\|(?<labels>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
