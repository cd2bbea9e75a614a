namespace ImageBackup.Benchmarks;

/// <summary>Restores a volume from an archive: the service from its Fast archive, other programs from an archive of tar and pigz.</summary>
/// <param name="bar">The required speed, as a multiple of that of pigz and tar.</param>
/// <param name="aim">The desired speed.</param>
/// <param name="withIsal">False to hide ISA-L from the service.</param>
internal sealed class ImportBenchmark(string name, VolumeKind kind, long size, double bar, double aim, bool withIsal = true) : IBenchmark
{
    private const string Ours = "ours, of a Fast archive";
    private const string Pigz = "pigz -d | tar x; sha256sum";

    public string Name => name;

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var volume = bench.Volume(kind, size);
        await using var service = await bench.StartServiceAsync(withIsal, cancellationToken);
        var client = new MeasuredClient(service);
        var image = await client.CreateImageAsync(volume, "source", cancellationToken);
        var backup = await client.ExportAsync(image, "backup", "Fast", cancellationToken);
        var last = await client.ImportAsync(backup.BackupId, "warm", cancellationToken);
        await CheckAsync(service, last, volume, cancellationToken);

        var archive = bench.PathOf("peer.tar.gz");
        var output = Directory.CreateDirectory(bench.PathOf("peer-out")).FullName;
        await Shell.RunAsync($"tar -C '{Path.GetDirectoryName(volume)}' -cf - '{Path.GetFileName(volume)}' | pigz -p2 > '{archive}'", cancellationToken);
        var ours = new Contender(Ours, true, async token =>
        {
            last = await client.ImportAsync(backup.BackupId, "restored", token);
            var restored = RestoredVolume(service, last);
            var measured = last.Measurement with { OutputBytes = new FileInfo(restored).Length };
            await CheckAsync(service, last, volume, token);
            File.Delete(restored);
            return measured;
        });
        var results = await Contest.RunAsync(bench, [ours, .. Peers(archive, Path.GetFileName(volume), output)], cancellationToken);
        Directory.Delete(output, recursive: true);
        File.Delete(archive);

        var result = new BenchmarkResult(name, $"{kind}, {size >> 20} MiB, from an archive on the node to an image{(withIsal ? "" : ", without native libraries")}", results, []) { Tasks = last.Tasks };
        return result with
        {
            Figures =
            [
                new($"speed of {Ours}, against {Pigz}", result.Of(Pigz).WallSeconds / result.Of(Ours).WallSeconds, "×", bar, aim, Higher: true),
                new($"CPU of {Pigz}, against {Ours}", result.Of(Pigz).CpuSeconds / Math.Max(0.01, result.Of(Ours).CpuSeconds), "×", null, null, Higher: true),
                new("largest resident memory", result.Of(Ours).PeakBytes / (double)(1 << 20), "MiB", 250, null, Higher: false),
            ],
        };
    }

    private static IEnumerable<Contender> Peers(string archive, string file, string output)
        => new (string Name, string Script)[]
        {
            (Pigz, $"pigz -dc -p2 '{archive}' | tar -C '{output}' -xf - && sha256sum '{output}/{file}'"),
            ("gzip -d | tar x; sha256sum", $"gzip -dc '{archive}' | tar -C '{output}' -xf - && sha256sum '{output}/{file}'"),
            ("igzip -d | tar x; sha256sum", $"igzip -dc '{archive}' | tar -C '{output}' -xf - && sha256sum '{output}/{file}'"),
        }.Select(peer => new Contender(peer.Name, false, async token =>
        {
            var measured = await Shell.MeasureAsync(peer.Script, Path.Combine(output, file), token);
            File.Delete(Path.Combine(output, file));
            return measured;
        }));

    private static string RestoredVolume(MeasuredService service, FinishedOperation import)
        => Path.Combine(service.DataDirectory, "volumes", $"volume-{import.ResultOf("restored_")}");

    private static Task CheckAsync(MeasuredService service, FinishedOperation import, string volume, CancellationToken cancellationToken)
        => Shell.RunAsync($"cmp '{volume}' '{RestoredVolume(service, import)}'", cancellationToken);
}
