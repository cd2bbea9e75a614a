namespace ImageBackup.Benchmarks;

/// <summary>The time from the start of the process to its first response, on an empty and on an existing data directory.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    private const int Runs = 7;

    public string Name => "start";

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var first = new List<double>();
        var next = new List<double>();
        for (var run = 0; run < (bench.Options.IsTiny ? 1 : Runs); run++)
        {
            var service = await bench.StartServiceAsync(cancellationToken);
            first.Add(service.StartTime.TotalSeconds);
            await service.StopAsync();
            await using var again = await bench.StartServiceAsync(service.DataDirectory, [], cancellationToken);
            next.Add(again.StartTime.TotalSeconds);
        }

        return new BenchmarkResult(Name, "from the start of the process to its first answer", [],
        [
            new("first start, empty data directory", Median(first), "s", 2, 0.7, Higher: false),
            new("next start", Median(next), "s", 2, 0.7, Higher: false),
        ]);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
