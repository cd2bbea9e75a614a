using System.Diagnostics;

namespace ImageBackup.Benchmarks;

/// <summary>The response times of get_progress and the list while two exports run.</summary>
internal sealed class LatencyBenchmark : IBenchmark
{
    private const long Size = 512L << 20;
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(10);

    public string Name => "latency";

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var volume = bench.Volume(VolumeKind.Dense, Size);
        await using var service = await bench.StartServiceAsync(cancellationToken);
        var client = new MeasuredClient(service);
        var image = await client.CreateImageAsync(volume, "source", cancellationToken);
        await client.DeleteAsync(await client.ExportAsync(image, "warm", "True", cancellationToken), cancellationToken);
        var progress = new List<double>();
        var lists = new List<double>();
        for (var run = 0; run < bench.Options.Runs; run++)
        {
            var first = await client.StartExportAsync(image, "first", "True", cancellationToken);
            var second = await client.StartExportAsync(image, "second", "True", cancellationToken);
            while (!(await IsFinishedAsync(first) | await IsFinishedAsync(second)))
            {
                await TimeAsync("/v3/40a58846608e4e908c43b547d4dfb58c/image-backups/detail", lists);
                await Task.Delay(BetweenCalls, cancellationToken);
            }

            await client.WaitAsync(first, cancellationToken);
            await client.WaitAsync(second, cancellationToken);
        }

        return new BenchmarkResult(Name, $"answers while two exports (True, {Size >> 20} MiB) run on all cores", [],
        [
            new($"get_progress, median of {progress.Count}", At(progress, 0.5), "ms", null, null, Higher: false),
            new("get_progress, p99", At(progress, 0.99), "ms", 20, 5, Higher: false),
            new("list of image backups, p99", At(lists, 0.99), "ms", null, null, Higher: false),
        ]);

        async Task<bool> IsFinishedAsync(string taskUri) => (await TimeAsync(taskUri, progress)).Contains("\"progress\":100", StringComparison.Ordinal);

        async Task<string> TimeAsync(string uri, List<double> times)
        {
            var watch = Stopwatch.GetTimestamp();
            var answer = await service.Http.GetStringAsync(new Uri(uri, UriKind.Relative), cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
            return answer;
        }
    }

    private static double At(List<double> times, double part) => times.Order().ElementAt((int)(times.Count * part));
}
