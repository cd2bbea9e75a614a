namespace ImageBackup.Benchmarks;

/// <summary>The service's largest resident memory, through an export and an import of volumes of two sizes.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private static readonly long[] Sizes = [4L << 30, 16L << 30];

    public string Name => "memory";

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var size in Sizes)
        {
            var volume = bench.Volume(VolumeKind.Sparse, size);
            await using var service = await bench.StartServiceAsync(cancellationToken);
            var client = new MeasuredClient(service);
            var image = await client.CreateImageAsync(volume, "source", cancellationToken);
            var raw = service.PeakBytes;
            var export = await client.ExportAsync(image, "backup", "Fast", cancellationToken);
            var import = await client.ImportAsync(export.BackupId, "restored", cancellationToken);
            await Shell.RunAsync($"cmp '{volume}' '{service.DataDirectory}/volumes/volume-{import.ResultOf("restored_")}'", cancellationToken);
            var peak = new[] { raw, export.Measurement.PeakBytes, import.Measurement.PeakBytes }.Max();
            figures.Add(new Figure($"largest resident memory, sparse {size >> 30} GiB out and in", peak / 1048576.0, "MiB", 400, 200, Higher: false));
        }

        return new BenchmarkResult(Name, "largest resident memory (VmHWM) of the service", [], figures);
    }
}
