using ImageBackup.TestSupport;

namespace ImageBackup.Benchmarks;

/// <summary>Transfers an archive to a bucket and back: the service and two common clients, with the same server.</summary>
internal sealed class TransferBenchmark : IBenchmark
{
    private const long Size = 1L << 30;
    private const string Bucketless = "rclone copy";

    public string Name => "transfer";

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var volume = bench.Volume(VolumeKind.Noise, Size);
        await using var swift = await SwiftServer.StartAsync();
        var bucket = await swift.CreateBucketAsync();
        await using var service = await bench.StartServiceAsync(
            cancellationToken,
            ("ImageBackup__Cos__ServiceUrl", swift.Url),
            ("ImageBackup__Cos__AccessKey", SwiftServer.AccessKey),
            ("ImageBackup__Cos__SecretKey", SwiftServer.SecretKey));
        var client = new MeasuredClient(service);
        var image = await client.CreateImageAsync(volume, "source", cancellationToken);
        var backup = await client.ExportAsync(image, "backup", "False", cancellationToken);
        var ova = client.FindOva();
        var original = bench.PathOf("original.ova");
        await Shell.RunAsync($"cp '{ova}' '{original}'", cancellationToken);

        var results = await Contest.RunAsync(bench, [.. Ours(client, backup, bucket, ova, original), .. Peers(swift, bucket, original, bench.PathOf("fetched.ova"))], cancellationToken);
        File.Delete(original);
        var result = new BenchmarkResult(Name, $"an archive of {Size >> 20} MiB to Swift's s3api on loopback, and back", results, []);
        return result with
        {
            Figures =
            [
                .. new[] { "up", "down" }.Select(way => new Figure($"{way}, against {Bucketless}", result.Of($"{Bucketless}, {way}").WallSeconds / result.Of($"ours, {way}").WallSeconds, "×", 1, null, Higher: true)),
            ],
        };
    }

    private static IEnumerable<Contender> Ours(MeasuredClient client, FinishedOperation backup, string bucket, string ova, string original)
    {
        yield return new Contender("ours, up", true, async token =>
        {
            var done = await client.TransferAsync(backup.BackupId, "upload", bucket, token);
            return done.Measurement with { OutputBytes = new FileInfo(ova).Length };
        });
        yield return new Contender("ours, down", true, async token =>
        {
            File.Delete(ova);
            var done = await client.TransferAsync(backup.BackupId, "download", null, token);
            await Shell.RunAsync($"cmp '{original}' '{ova}'", token);
            return done.Measurement with { OutputBytes = new FileInfo(ova).Length };
        });
    }

    private static IEnumerable<Contender> Peers(SwiftServer swift, string bucket, string file, string fetched)
    {
        // Without --ignore-times, rclone skips an object that an earlier run uploaded.
        // rclone's S3 client fails with a certificate bundle in the environment, and nothing here uses HTTPS.
        var rclone = $"env -u AWS_CA_BUNDLE RCLONE_CONFIG=/dev/null rclone -q --s3-provider Other --s3-endpoint {swift.Url} --s3-access-key-id {SwiftServer.AccessKey} --s3-secret-access-key {SwiftServer.SecretKey} --s3-force-path-style --ignore-times copyto";
        var s3cmd = $"s3cmd -c /dev/null --no-progress --no-ssl --signature-v2 --host=127.0.0.1:{swift.Port} --host-bucket=127.0.0.1:{swift.Port} --access_key={SwiftServer.AccessKey} --secret_key={SwiftServer.SecretKey}";
        return new (string Name, string Script, bool Fetches)[]
        {
            ($"{Bucketless}, up", $"{rclone} '{file}' :s3:{bucket}/rclone.ova", false),
            ($"{Bucketless}, down", $"{rclone} :s3:{bucket}/rclone.ova '{fetched}'", true),
            ("s3cmd, up", $"{s3cmd} put '{file}' s3://{bucket}/s3cmd.ova", false),
            ("s3cmd, down", $"{s3cmd} get --force s3://{bucket}/s3cmd.ova '{fetched}'", true),
        }.Select(peer => new Contender(peer.Name, false, async token =>
        {
            var measured = await Shell.MeasureAsync(peer.Script, peer.Fetches ? fetched : file, token);
            if (peer.Fetches)
            {
                await Shell.RunAsync($"cmp '{file}' '{fetched}'", token);
                File.Delete(fetched);
            }

            return measured;
        }));
    }
}
