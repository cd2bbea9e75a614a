namespace ImageBackup.Benchmarks;

/// <summary>The service's export in one compression. The archive of the last run is kept until it is checked.</summary>
internal sealed class ExportContender(MeasuredClient client, string image, string compression)
{
    private readonly List<FinishedOperation> runs = [];

    public Contender Contender => new($"ours, {compression}", true, RunAsync);

    /// <summary>The most bytes that the files of the node had during a run.</summary>
    public long PeakSpace { get; private set; }

    public IReadOnlyDictionary<string, double> Tasks => runs.OrderBy(run => run.Measurement.WallSeconds).ElementAt(runs.Count / 2).Tasks;

    /// <summary>Checks that other programs extract the volume from the archive.</summary>
    public async Task CheckAsync(string volume, CancellationToken cancellationToken)
    {
        var export = await client.ExportAsync(image, $"check-{compression}", compression, cancellationToken);
        var ova = client.FindOva();
        var inflate = compression == "False" ? "cat" : "gzip -dc";
        await Shell.RunAsync($"""
            member=$(tar -tf '{ova}' | grep -x 'Image_.*_volume_1')
            tar -xOf '{ova}' "$member" | {inflate} | cmp - '{volume}'
            cd "$(mktemp -d)" && tar --sparse -xf '{ova}' && python3 - *.mf <<'END' && rm -r "$PWD"
            import hashlib, re, sys
            for line in open(sys.argv[1]):
                name, digest = re.fullmatch(r"SHA256\((.+)\) ?= ?([0-9a-f]+)\n?", line).groups()
                assert hashlib.file_digest(open(name, "rb"), "sha256").hexdigest() == digest, name
            END
            """, cancellationToken);
        await client.DeleteAsync(export, cancellationToken);
    }

    private async Task<Measurement> RunAsync(CancellationToken cancellationToken)
    {
        using var space = new SpaceWatch(client.Node);
        var export = await client.ExportAsync(image, $"run-{compression}", compression, cancellationToken);
        PeakSpace = Math.Max(PeakSpace, space.PeakBytes);
        runs.Add(export);
        var measured = export.Measurement with { OutputBytes = new FileInfo(client.FindOva()).Length };
        await client.DeleteAsync(export, cancellationToken);
        return measured;
    }
}
