namespace ImageBackup.Benchmarks;

/// <summary>A measurement. It fails if bytes are wrong.</summary>
internal interface IBenchmark
{
    string Name { get; }

    Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken);
}
