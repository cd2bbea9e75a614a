namespace ImageBackup.Benchmarks;

/// <summary>Something to measure; it fails where bytes are not what they should be.</summary>
internal interface IBenchmark
{
    string Name { get; }

    Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken);
}
