namespace ImageBackup.Benchmarks.Growth;

/// <summary>
/// Whether costs grow with the number of records: reads with up to 100,000 image backups, images and volumes; many exports at once; many event clients.
/// A trivial ASP.NET Core program answers in the same run.
/// </summary>
internal sealed class GrowthBenchmark : IBenchmark
{
    private const double MostMemory = 300;
    private static readonly int[] TinySizes = [50, 200];

    public string Name => "growth";

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var sizes = bench.Options.IsTiny ? TinySizes : bench.Options.Sizes;
        var columns = new List<IReadOnlyList<Reading>>();
        foreach (var size in sizes)
        {
            bench.Say($"   {size} image backups, images, volumes and operations");
            columns.Add(await ReadAsync(bench, size, isLargest: size == sizes[^1], cancellationToken));
        }

        bench.Say("   exports, event clients and the trivial program");
        IReadOnlyList<Figure> figures =
        [
            await TrivialPeer.MeasureAsync(bench, cancellationToken),
            .. await ExportRush.MeasureAsync(bench, cancellationToken),
            .. await EventClients.MeasureAsync(bench, cancellationToken),
        ];
        return new BenchmarkResult(Name, $"with {sizes[0]} to {sizes[^1]} image backups, images, volumes and operations", [], figures)
        {
            Growth = new GrowthTable(sizes, [.. columns[0].Select((first, row) => new GrowthRow(first.Name, first.Unit, [.. columns.Select(column => column[row])]))]),
        };
    }

    private static async Task<IReadOnlyList<Reading>> ReadAsync(Bench bench, int size, bool isLargest, CancellationToken cancellationToken)
    {
        var seed = await GrowthSeed.CreateAsync(bench, size, cancellationToken);
        await using var service = await bench.StartServiceAsync(seed.DataDirectory, [Bench.HighRateLimit], cancellationToken);
        var reads = new GrowthReads(service, seed, bench);
        var bar = new Bars(isLargest);
        return
        [
            new("get_progress, CPU per request", "ms", await reads.CpuOfAsync(reads.Progress, cancellationToken), 0.4),
            new("show, CPU per request", "ms", await reads.CpuOfAsync(reads.Show, cancellationToken), 0.25),
            .. await reads.ListsAsync(bar.List, cancellationToken),
            new("first page of images, median", "ms", await reads.MedianOfAsync("/v2/images?limit=100", cancellationToken), bar.FirstPage),
            new("first page of volumes, median", "ms", await reads.MedianOfAsync($"{GrowthReads.Project}/volumes/detail?limit=100", cancellationToken), bar.FirstPage),
            new("start to first answer", "s", service.StartTime.TotalSeconds, bar.Start),
            new("largest resident memory", "MiB", service.PeakBytes / 1048576.0, MostMemory),
        ];
    }

    /// <summary>The bars that differ with the number of records.</summary>
    private sealed record Bars(bool IsLargest)
    {
        public double List => IsLargest ? 8 : 5;

        public double FirstPage => IsLargest ? 10 : 8;

        public double Start => IsLargest ? 1.5 : 1;
    }
}
