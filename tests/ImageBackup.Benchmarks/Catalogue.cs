using ImageBackup.Benchmarks.Growth;
using ImageBackup.Benchmarks.Soak;

namespace ImageBackup.Benchmarks;

/// <summary>All benchmarks, in the order of the report.</summary>
internal static class Catalogue
{
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;

    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new ExportBenchmark("export-dense", VolumeKind.Dense, GiB, new ExportBars(Fast: (8, 10), Gzip: (5, 5), None: (1, 1.5))),
        new ExportBenchmark("export-sparse", VolumeKind.Sparse, 4 * GiB, new ExportBars(Fast: (18, 27), Gzip: null, None: null)),
        new ExportBenchmark("export-zeros", VolumeKind.Zeros, 4 * GiB, new ExportBars(null, null, null)),
        new ExportBenchmark("export-noise", VolumeKind.Noise, 512 * MiB, new ExportBars(null, null, null)),
        new ImportBenchmark("import-dense", VolumeKind.Dense, GiB, 3.5, 4.7),
        new ImportBenchmark("import-sparse", VolumeKind.Sparse, 4 * GiB, 2, 4),
        new ExportBenchmark("plain-export-dense", VolumeKind.Dense, GiB, new ExportBars(Fast: (6, 8), Gzip: (4, 4), None: null), withIsal: false),
        new ExportBenchmark("plain-export-sparse", VolumeKind.Sparse, 4 * GiB, new ExportBars(Fast: (14, 20), Gzip: null, None: null), withIsal: false),
        new ImportBenchmark("plain-import-dense", VolumeKind.Dense, GiB, 2.5, 2.5, withIsal: false),
        new DiskBenchmark("disk-qcow2", "qcow2", "-O qcow2", GiB),
        new DiskBenchmark("disk-compressed-qcow2", "qcow2 with zlib clusters", "-c -O qcow2", GiB),
        new DiskBenchmark("disk-vmdk", "stream-optimized VMDK", "-O vmdk -o subformat=streamOptimized", GiB),
        new TransferBenchmark(),
        new MemoryBenchmark(),
        new LatencyBenchmark(),
        new StartBenchmark(),
        new GrowthBenchmark(),
        new SoakBenchmark(),
    ];

    /// <summary>Returns the benchmarks with these names or beginnings of names; all of them for <c>all</c> and <c>tiny</c>.</summary>
    public static IReadOnlyList<IBenchmark> Choose(IReadOnlyList<string> names)
        => [.. All.Where(benchmark => names.Any(name => name is "all" or "tiny" || benchmark.Name.StartsWith(name, StringComparison.Ordinal)))];
}
