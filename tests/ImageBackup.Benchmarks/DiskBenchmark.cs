namespace ImageBackup.Benchmarks;

/// <summary>Reads a disk image: <c>imagebackup disk convert</c> and qemu-img write the same image as a raw disk.</summary>
internal sealed class DiskBenchmark(string name, string format, string make, long size) : IBenchmark
{
    private const string Ours = "ours, disk convert";
    private const string Peer = "qemu-img convert";

    public string Name => name;

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var volume = bench.Volume(VolumeKind.Dense, size);
        var image = bench.PathOf($"{name}.image");
        var raw = bench.PathOf($"{name}.raw");
        await Shell.RunAsync($"qemu-img convert -q {make} '{volume}' '{image}'", cancellationToken);
        var program = await bench.ProgramAsync(cancellationToken);
        var result = new BenchmarkResult(
            Name,
            $"{format} of a dense disk of {bench.Scale(size) >> 20} MiB, to a raw disk",
            await Contest.RunAsync(
                bench,
                [
                    Reader(Ours, true, $"dotnet '{program}' disk convert '{image}' '{raw}' --format raw"),
                    Reader(Peer, false, $"qemu-img convert -q -O raw '{image}' '{raw}'"),
                    Reader($"{Peer}; sync", false, $"qemu-img convert -q -O raw '{image}' '{raw}'; sync '{raw}'"),
                ],
                cancellationToken),
            []);
        File.Delete(image);
        return result with
        {
            Figures =
            [
                new Figure($"speed of ours, against {Peer}", result.Of(Peer).WallSeconds / result.Of(Ours).WallSeconds, "×", 1, null, Higher: true),
                new Figure($"speed of ours, against {Peer}; sync", result.Of($"{Peer}; sync").WallSeconds / result.Of(Ours).WallSeconds, "×", null, null, Higher: true),
            ],
        };

        Contender Reader(string contender, bool isOurs, string script) => new(contender, isOurs, async token =>
        {
            var measured = await Shell.MeasureAsync(script, raw, token);
            await Shell.RunAsync($"cmp '{volume}' '{raw}'", token);
            File.Delete(raw);
            return measured;
        });
    }
}
