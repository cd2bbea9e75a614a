using ImageBackup.Benchmarks.Growth;

namespace ImageBackup.Benchmarks;

/// <summary>All benchmarks, in the order of the report.</summary>
internal static class Catalogue
{
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;

    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new ExportBenchmark("export-dense", VolumeKind.Dense, 512 * MiB, new ExportBars(Fast: (6, 10), Gzip: (3, 5), None: (1, 1.5))),
        new ExportBenchmark("export-sparse", VolumeKind.Sparse, 4 * GiB, new ExportBars(Fast: (10, 30), Gzip: null, None: null)),
        new ExportBenchmark("export-zeros", VolumeKind.Zeros, 4 * GiB, new ExportBars(null, null, null)),
        new ExportBenchmark("export-noise", VolumeKind.Noise, 512 * MiB, new ExportBars(null, null, null)),
        new ImportBenchmark("import-dense", VolumeKind.Dense, 512 * MiB),
        new ImportBenchmark("import-sparse", VolumeKind.Sparse, 4 * GiB),
        new DiskBenchmark("disk-qcow2", "qcow2", "-O qcow2", GiB),
        new DiskBenchmark("disk-compressed-qcow2", "qcow2 with zlib clusters", "-c -O qcow2", GiB),
        new DiskBenchmark("disk-vmdk", "stream-optimized VMDK", "-O vmdk -o subformat=streamOptimized", GiB),
        new TransferBenchmark(),
        new MemoryBenchmark(),
        new LatencyBenchmark(),
        new StartBenchmark(),
        new GrowthBenchmark(),
    ];

    /// <summary>Returns the benchmarks with these names or beginnings of names; all of them for <c>all</c> and <c>tiny</c>.</summary>
    public static IReadOnlyList<IBenchmark> Choose(IReadOnlyList<string> names)
        => [.. All.Where(benchmark => names.Any(name => name is "all" or "tiny" || benchmark.Name.StartsWith(name, StringComparison.Ordinal)))];
}
