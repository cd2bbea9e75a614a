using System.Security.Cryptography;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Imports of files at URLs, from a real web server that also misbehaves.</summary>
public sealed class SourceUrlTests : FlowTest, IClassFixture<SourceUrlFixture>
{
    private const int Mebibyte = 1 << 20;

    private readonly WebFileServer server;
    private readonly byte[] disk = Content.Random((3 * SourceUrlFixture.PartSize) + 4711);

    public SourceUrlTests(SourceUrlFixture service)
        : base(service)
    {
        server = service.Server;
        server.Reset();
        server.Content = disk;
    }

    [Fact]
    public async Task An_archive_is_downloaded_and_imported_and_is_an_available_image_backup()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(disk));
        server.Content = await File.ReadAllBytesAsync(await OvaOfAsync(exported.Id), TestContext.Current.CancellationToken);

        var started = await Client.ImportAsync(("source_url", $"{server.Url}/images/foreign.ova"), ("checksum", ChecksumOf(server.Content)));
        var details = await Client.SucceedAsync(started);

        Assert.Equal([$"download_ova_{started.Id}", "extract_ova_foreign.ova"], States(details, "completed_tasks").Keys.Where(name => name.Contains("_ova_", StringComparison.Ordinal)));
        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("available", record.GetProperty("status").GetString());
        Assert.Equal("foreign.ova", record.GetProperty("ova_name").GetString());
        Assert.Equal(JsonValueKind.Null, record.GetProperty("cos_bucket").ValueKind);
        await HasAsync(record.GetProperty("image_id").GetString()!, disk);
        await Client.SucceedAsync(await Client.BeginAsync(started.Id, "verify"));
        await Client.DeletedAsync(started.Id);
        Assert.False(File.Exists(Path.Combine(Node, "foreign.ova")));
    }

    [Theory]
    [InlineData("raw", "cat")]
    [InlineData("raw", "xz -0 -c")]
    [InlineData("qcow2", "cat")]
    [InlineData("vmdk", "gzip -1 -c")]
    public async Task A_disk_in_any_format_is_imported(string format, string packing)
    {
        using var scratch = new TemporaryDirectory();
        var (raw, made, packed) = (Path.Combine(scratch.Path, "raw"), Path.Combine(scratch.Path, "made"), Path.Combine(scratch.Path, "packed"));
        await File.WriteAllBytesAsync(raw, Content.WithHoles(8 * Mebibyte, 96 << 10), TestContext.Current.CancellationToken);
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", format, raw, made);
        await Tool.RunAsync("sh", "-c", $"{packing} '{made}' > '{packed}'");
        server.Content = await File.ReadAllBytesAsync(packed, TestContext.Current.CancellationToken);

        var started = await Client.ImportAsync(Disk("/a/disk.img"));
        var details = await Client.SucceedAsync(started);

        Assert.Equal(["PreImportFlow", "ImportFlow"], States(details, "flow_details").Keys);
        var record = await Client.ShowAsync(started.Id);
        await HasAsync(record.GetProperty("image_id").GetString()!, await File.ReadAllBytesAsync(raw, TestContext.Current.CancellationToken));
        Assert.Equal(1, record.GetProperty("size").GetInt32());
        await Client.ImportedAsync(("image_backup_id", started.Id));
        await Client.DeletedAsync(started.Id);
    }

    [Fact]
    public async Task Force_raw_takes_the_bytes_of_the_file_as_the_disk()
    {
        server.Content = [.. "QFI\u00fb"u8[..3], 0xfb, .. Content.Random(Mebibyte)];

        var image = await Client.ImportedAsync([.. Disk("/forced.qcow2"), ("force_raw", true)]);

        await HasAsync(image, server.Content);
    }

    [Fact]
    public async Task A_cut_connection_goes_on_at_the_byte_where_it_was()
    {
        server.CutAfter = Mebibyte + 17;

        var image = await Client.ImportedAsync(Disk("/cut.img"));

        await HasAsync(image, disk);
        Assert.True(server.Downloads.Count >= 15, $"{server.Downloads.Count} requests");
        foreach (var range in server.Downloads.GroupBy(request => request.From!.Value / SourceUrlFixture.PartSize))
        {
            // Each request begins where the one before was cut. Bytes that were on the way may be lost.
            var starts = range.Select(request => request.From!.Value).ToList();
            Assert.All(starts.Zip(starts.Skip(1)), next => Assert.InRange(next.Second - next.First, 1, server.CutAfter!.Value));
        }

        Assert.All(server.Downloads, request => Assert.Equal("\"1\"", request.IfRange));
    }

    [Fact]
    public async Task A_download_goes_on_after_a_restart_of_the_service_where_it_was()
    {
        var stalled = Service.Stall("download_ova_*", 0.5);
        var started = await Client.ImportAsync(Disk("/restart.img"));
        await stalled.StruckAsync();
        await Service.StopAsync();
        var before = server.Requests.Count;

        await Client.SucceedAsync(started);

        await HasAsync(await ImageOfAsync(started), disk);
        var asked = server.Requests.Skip(before).Where(request => !request.IsProbe).Sum(request => request.To!.Value - request.From!.Value + 1);
        Assert.InRange(asked, 1, disk.Length / 2 + Mebibyte);
        Assert.Contains(server.Requests.Skip(before), request => request.From % SourceUrlFixture.PartSize > 0);
    }

    [Fact]
    public async Task A_file_that_changed_during_a_restart_is_downloaded_from_its_beginning()
    {
        var stalled = Service.Stall("download_ova_*", 0.5);
        var started = await Client.ImportAsync(Disk("/replaced.img"));
        await stalled.StruckAsync();
        await Service.StopAsync();
        (server.Content, server.ETag) = (Content.Random(disk.Length, seed: 77), "\"2\"");

        await Client.SucceedAsync(started);

        await HasAsync(await ImageOfAsync(started), server.Content);
    }

    [Theory]
    [InlineData("\"1\"", "\"2\"")]
    [InlineData("W/\"1\"", "W/\"2\"")]
    public async Task A_file_that_changes_during_the_download_is_noticed(string before, string after)
    {
        (server.ETag, server.CutAfter) = (before, Mebibyte);
        server.OnRequest = request =>
        {
            if (request.From > Mebibyte && !request.IsProbe)
            {
                server.ETag = after;
            }
        };

        await FailsAsync("/changed.img", "has changed since the download began. Start the import again.");
    }

    [Fact]
    public async Task A_server_without_ranges_starts_anew_after_a_cut()
    {
        (server.HasRanges, server.CutAfter, server.Cuts) = (false, Mebibyte, 1);

        var image = await Client.ImportedAsync(Disk("/whole.img"));

        await HasAsync(image, disk);
        Assert.Equal(2, server.Downloads.Count);
        Assert.All(server.Downloads, request => Assert.Null(request.From));
    }

    [Fact]
    public async Task A_file_without_an_ETag_starts_anew_after_a_cut_even_if_it_changed()
    {
        (server.ETag, server.CutAfter, server.Cuts) = (null, Mebibyte, 1);
        server.OnRequest = _ => server.Content = server.Downloads.Count > 1 ? new byte[disk.Length] : disk;

        var image = await Client.ImportedAsync(Disk("/nameless.img"));

        await HasAsync(image, new byte[disk.Length]);
    }

    [Theory]
    [InlineData(true, 1000)]
    [InlineData(true, -1000)]
    [InlineData(false, 1000)]
    public async Task A_server_that_lies_about_the_length_fails_the_import(bool hasRanges, int more)
    {
        (server.HasRanges, server.ClaimedLength) = (hasRanges, disk.Length + more);
        if (more < 0)
        {
            // The size in the answer to the first request is wrong, later ones are right.
            server.OnRequest = request => server.ClaimedLength = request.IsProbe ? disk.Length + more : null;
        }

        await FailsAsync("/lie.img", "/lie.img");
    }

    [Fact]
    public async Task A_wrong_checksum_fails_the_import_and_leaves_nothing()
        => await FailsAsync(
            "/wrong.img",
            $"has SHA-256 {ChecksumOf(disk)[7..]}; expected {new string('0', 64)}",
            ("checksum", $"SHA256:{new string('0', 64)}"));

    [Fact]
    public async Task A_server_that_stops_sending_fails_the_import_after_its_attempts()
    {
        server.StallAfter = Mebibyte;

        await FailsAsync("/stalled.img", "no byte moved for 1 s");
    }

    [Fact]
    public async Task A_slow_server_is_waited_for()
    {
        server.Content = disk[..(8 * (64 << 10))];
        server.PieceDelay = 200;

        var image = await Client.ImportedAsync(Disk("/slow.img"));

        await HasAsync(image, server.Content);
    }

    [Fact]
    public async Task A_forced_deletion_during_the_download_leaves_nothing()
    {
        var before = await Footprint.TakeAsync(Service, withBackups: false);
        var stalled = Service.Stall("download_ova_*", 0.5);
        var started = await Client.ImportAsync(Disk("/deleted.img"));
        await stalled.StruckAsync();

        await Client.DeleteAsync(started.Id, "?force=true");
        await Client.GoneAsync(started.Id);

        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task A_reset_during_the_download_leaves_no_file()
    {
        var before = await Footprint.TakeAsync(Service);
        var stalled = Service.Stall("download_ova_*", 0.5);
        var started = await Client.ImportAsync(Disk("/reset.img"));
        await stalled.StruckAsync();

        await Client.ResetAsync(started.Id);
        await Client.WaitAsync(started);

        Assert.Equal("error", await Client.StatusAsync(started.Id));
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task A_failure_after_the_download_removes_the_file()
    {
        server.Content = [.. "BZh91AY&SY"u8, .. disk[..Mebibyte]];

        await FailsAsync("/bad.img", "The file is bzip2");
    }

    [Fact]
    public async Task A_quota_is_checked_when_the_size_of_the_disk_is_known()
    {
        await SetQuotaAsync(0);
        try
        {
            await FailsAsync("/quota.img", "larger than maximum allowed limit 0G");
        }
        finally
        {
            await SetQuotaAsync(-1);
        }
    }

    [Fact]
    public async Task The_query_of_a_URL_stays_secret()
    {
        server.Content = Content.Random(Mebibyte);
        var stalled = Service.Stall("download_ova_*", 0.5);
        var started = await Client.ImportAsync(("source_url", $"{server.Url}/signed.img?signature=s3cr3t-value"), ("import_from_raw_file", true));
        await stalled.StruckAsync();

        await using (var db = Service.OpenDatabase())
        {
            Assert.DoesNotContain(db.LogBooks.Select(book => book.State).ToList(), state => state.Contains("s3cr3t-value", StringComparison.Ordinal));
        }

        await Service.RestartAsync();
        await Client.SucceedAsync(started);
        Assert.Contains(server.Downloads, request => request.Path == "/signed.img?signature=s3cr3t-value");
    }

    private Task<ApiAnswer> SetQuotaAsync(int gigabytes)
        => Client.SendAsync(HttpMethod.Put, $"/os-quota-sets/{ServiceFixture.ProjectId}", new { quota_set = new { per_volume_gigabytes = gigabytes } });

    private (string Name, object? Value)[] Disk(string path) => [("source_url", server.Url + path), ("import_from_raw_file", true)];

    private async Task<string> ImageOfAsync(StartedBackup started) => (await Client.ShowAsync(started.Id)).GetProperty("image_id").GetString()!;

    private async Task HasAsync(string image, byte[] expected)
    {
        var content = Assert.Single(await Seeds.ContentsOfAsync(image));
        Assert.True(expected.AsSpan().SequenceEqual(content), "The volume differs.");
    }

    private static string ChecksumOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private async Task FailsAsync(string path, string reason, params (string Name, object? Value)[] fields)
    {
        var before = await Footprint.TakeAsync(Service);

        var started = await Client.ImportAsync([.. Disk(path), .. fields]);
        var details = await Client.WaitAsync(started);

        Assert.Equal("REVERTED", States(details, "flow_details").Values.First(state => state != "PENDING" && state != "SUCCESS"));
        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.Contains(reason, record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
        await Client.DeletedAsync(started.Id);
    }
}
