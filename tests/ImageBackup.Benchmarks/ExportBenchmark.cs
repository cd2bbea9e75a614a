namespace ImageBackup.Benchmarks;

/// <summary>The required and the desired speed of each compression, as a multiple of the other program's speed.</summary>
internal sealed record ExportBars((double Bar, double Aim)? Fast, (double Bar, double Aim)? Gzip, (double Bar, double Aim)? None);

/// <summary>Packs a volume into an archive: the service with its three compressions, and common commands.</summary>
/// <param name="withIsal">False to hide ISA-L from the service.</param>
internal sealed class ExportBenchmark(string name, VolumeKind kind, long size, ExportBars bars, bool withIsal = true) : IBenchmark
{
    private const string Pigz = "tar | pigz -p2";
    private const string Gzip = "tar | gzip";
    private const string Copy = "cp --sparse=never; sha256sum";

    private static readonly string[] Compressions = ["Fast", "True", "False"];

    public string Name => name;

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var volume = bench.Volume(kind, size);
        await using var service = await bench.StartServiceAsync(withIsal, cancellationToken);
        var client = new MeasuredClient(service);
        var image = await client.CreateImageAsync(volume, "source", cancellationToken);
        await WarmUpAsync(bench, client, cancellationToken);
        var exports = Compressions.ToDictionary(compression => compression, compression => new ExportContender(client, image, compression));
        var results = await Contest.RunAsync(bench, [.. exports.Values.Select(export => export.Contender), .. Peers(volume, bench.PathOf("peer"))], cancellationToken);
        foreach (var export in exports.Values)
        {
            await export.CheckAsync(volume, cancellationToken);
        }

        var result = new BenchmarkResult(name, $"{kind}, {size >> 20} MiB, to an archive on the node{(withIsal ? "" : ", without native libraries")}", results, []) { Tasks = exports["Fast"].Tasks };
        var space = (double)exports["Fast"].PeakSpace / result.Of("ours, Fast").OutputBytes;
        var memory = result.Contenders.Where(contender => contender.IsOurs).Max(contender => contender.Median.PeakBytes) / (double)(1 << 20);
        return result with
        {
            Figures =
            [
                .. Figures(result),
                new("largest space on the node, Fast, against the archive", space, "×", 1.01, null, Higher: false),
                new("largest resident memory", memory, "MiB", 250, null, Higher: false),
            ],
        };
    }

    /// <summary>Compiles the service's code before the measurement, as in a service that has run for a while.</summary>
    private static async Task WarmUpAsync(Bench bench, MeasuredClient client, CancellationToken cancellationToken)
    {
        if (bench.Options.IsTiny)
        {
            return;
        }

        var image = await client.CreateImageAsync(bench.Volume(VolumeKind.Dense, 48 << 20), "warm", cancellationToken);
        foreach (var compression in Compressions)
        {
            await client.DeleteAsync(await client.ExportAsync(image, "warm", compression, cancellationToken), cancellationToken);
        }
    }

    private static IEnumerable<Contender> Peers(string volume, string output)
    {
        var tar = $"tar -C '{Path.GetDirectoryName(volume)}' -cf - '{Path.GetFileName(volume)}'";
        var sparseTar = tar.Replace("-cf", "-Scf", StringComparison.Ordinal);
        return new (string Name, string Script)[]
        {
            (Pigz, $"{tar} | pigz -p2 > '{output}'"),
            (Gzip, $"{tar} | gzip > '{output}'"),
            ("tar -S | pigz -p2", $"{sparseTar} | pigz -p2 > '{output}'"),
            ("tar -S | igzip -1", $"{sparseTar} | igzip -1 -c > '{output}'"),
            ("tar | zstd -1 -T0", $"{tar} | zstd -q -1 -T0 -f -o '{output}'"),
            ("qemu-img convert -c", $"qemu-img convert -c -f raw -O qcow2 '{volume}' '{output}'"),
            (Copy, $"cp --sparse=never '{volume}' '{output}' && sha256sum '{output}'"),
        }.Select(peer => new Contender(peer.Name, false, async token =>
        {
            File.Delete(output);
            var measured = await Shell.MeasureAsync(peer.Script, output, token);
            File.Delete(output);
            return measured;
        }));
    }

    private IEnumerable<Figure> Figures(BenchmarkResult result)
    {
        yield return Speed(result, "ours, Fast", Pigz, bars.Fast);
        yield return Cpu(result, "ours, Fast", Pigz);
        yield return Size(result, "ours, Fast", Pigz, (1.10, 1.10));
        yield return Speed(result, "ours, True", Gzip, bars.Gzip);
        yield return Cpu(result, "ours, True", Gzip);
        yield return Size(result, "ours, True", Gzip, (1.10, 1.10));
        yield return Speed(result, "ours, False", Copy, bars.None);
        yield return Cpu(result, "ours, False", Copy);
    }

    private static Figure Speed(BenchmarkResult result, string ours, string peer, (double Bar, double Aim)? marks)
        => new($"speed of {ours}, against {peer}", result.Of(peer).WallSeconds / result.Of(ours).WallSeconds, "×", marks?.Bar, marks?.Aim, Higher: true);

    /// <summary>Processor time, which other load on the machine affects less than the wall time.</summary>
    private static Figure Cpu(BenchmarkResult result, string ours, string peer)
        => new($"CPU of {peer}, against {ours}", result.Of(peer).CpuSeconds / Math.Max(0.01, result.Of(ours).CpuSeconds), "×", null, null, Higher: true);

    private static Figure Size(BenchmarkResult result, string ours, string peer, (double Bar, double Aim)? marks)
        => new($"size of {ours}, against {peer}", (double)result.Of(ours).OutputBytes / result.Of(peer).OutputBytes, "×", marks?.Bar, marks?.Aim, Higher: false);
}
