using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>A full disk: a small tmpfs that the test mounts.</summary>
public sealed partial class FullDiskTests : IDisposable
{
    private const int DiskMiB = 224;
    private const int VolumeBytes = 24 << 20;

    private readonly TemporaryDirectory mount;
    private readonly ServiceFixture service;
    private readonly BackupClient client;

    public FullDiskTests()
    {
        Requires.Root();
        mount = new TemporaryDirectory();
        Tool.Run("mount", "-t", "tmpfs", "-o", $"size={DiskMiB}m", "tmpfs", mount.Path);
        service = new ServiceFixture();
        service.Settings["ImageBackup:DataDirectory"] = Path.Combine(mount.Path, "data");
        client = new BackupClient(service);
    }

    [Fact]
    public async Task An_export_that_cannot_fit_is_refused_with_the_sizes()
    {
        var image = await new ImageSeeds(service).ImageAsync(Content.Random(VolumeBytes));
        using var ballast = Fill(leave: 64 << 20);

        var answer = await client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(image));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var message = answer.Body.GetProperty("badRequest").GetProperty("message").GetString()!;
        var needed = long.Parse(Needed().Match(message).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(needed, VolumeBytes, VolumeBytes + (VolumeBytes / 100));
        Assert.Matches(@"\d+ are free", message);
        Assert.Equal(0, (await client.GetAsync("/image-backups")).Body.GetProperty("image-backups").GetArrayLength());
    }

    [Fact]
    public async Task An_export_is_refused_if_running_exports_need_the_space_and_accepted_after_their_end()
    {
        // Data that compresses: after the first export, most of its space is free again.
        var image = await new ImageSeeds(service).ImageAsync([.. Enumerable.Repeat((byte)1, VolumeBytes)]);
        using var ballast = Fill(leave: (64 << 20) + VolumeBytes + (VolumeBytes * 5 / 8));
        var stalled = service.Stall("temp_vol_*", 0);
        var first = await client.ExportAsync(image, ("upload_to_cos", false));
        await stalled.StruckAsync();

        var answer = await client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(image, ("upload_to_cos", false)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Matches(@"\d+ are free in local, and other operations need \d+ of them", answer.Body.GetProperty("badRequest").GetProperty("message").GetString()!);
        service.ClearFaults();
        await Polling.UntilAsync("the first export to end", async () => await client.StatusAsync(first.Id) == "available");
        await client.ExportedAsync(image, ("upload_to_cos", false));
    }

    [Theory]
    [InlineData("Fast")]
    [InlineData("False")]
    public async Task An_export_needs_no_more_space_than_its_archive(string compression)
    {
        var image = await new ImageSeeds(service).ImageAsync("two", (Content.Random(VolumeBytes), 0), (Content.Random(VolumeBytes / 3, seed: 2), -1));
        var stalled = service.Stall("create_ova_*", 1);
        var before = Free();
        var least = before;
        using var stop = new CancellationTokenSource();
        var watch = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                least = Math.Min(least, Free());
                await Task.Delay(1, CancellationToken.None);
            }
        });

        var started = await client.ExportAsync(image, ("upload_to_cos", false), ("compression", compression));
        await stalled.StruckAsync();
        service.ClearFaults();
        await client.SucceedAsync(started);
        await stop.CancelAsync();
        await watch;

        // A page of each small file, and the database's log, come on top.
        var archive = (await client.ShowAsync(started.Id)).GetProperty("ova_size").GetInt64();
        Assert.InRange(before - least, archive * 99 / 100, (archive * 101 / 100) + (1 << 20));
    }

    [Fact]
    public async Task Holes_need_space_in_gzip()
    {
        var image = await new ImageSeeds(service).ImageAsync(new byte[8 << 20]);
        await using (var database = service.OpenDatabase())
        {
            await database.Volumes.ExecuteUpdateAsync(set => set.SetProperty(volume => volume.SizeBytes, 1L << 40));
        }

        var answer = await client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(image, ("upload_to_cos", false)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task An_import_that_cannot_fit_is_refused_and_the_backup_keeps_its_status()
    {
        var image = await new ImageSeeds(service).ImageAsync(Content.Random(VolumeBytes));
        var exported = await client.ExportedAsync(image, ("upload_to_cos", false));
        using var ballast = Fill(leave: 20 << 20);

        var answer = await client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("image_backup_id", exported.Id)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("available", await client.StatusAsync(exported.Id));
    }

    [Fact]
    public async Task An_import_is_refused_if_a_waiting_import_needs_the_space()
    {
        var image = await new ImageSeeds(service).ImageAsync(Content.Random(VolumeBytes));
        var first = await client.ExportedAsync(image, ("upload_to_cos", false));
        var second = await client.ExportedAsync(image, ("upload_to_cos", false));
        using var ballast = Fill(leave: (64 << 20) + (VolumeBytes * 3 / 2));
        var stalled = service.Stall("extract_ova_*", 0);
        await client.ImportAsync(("image_backup_id", first.Id));
        await stalled.StruckAsync();

        var answer = await client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("image_backup_id", second.Id)));

        AssertRefused(answer, "the restored volumes", "volumes");
        Assert.Equal("available", await client.StatusAsync(second.Id));
        service.ClearFaults();
        await Polling.UntilAsync("the first import to end", async () => await client.StatusAsync(first.Id) == "available");
    }

    [Fact]
    public async Task A_download_is_refused_if_a_running_download_needs_the_space()
    {
        var image = await new ImageSeeds(service).ImageAsync(Content.Random(VolumeBytes));
        var first = await client.ExportedAsync(image, ("upload_to_cos", true));
        var second = await client.ExportedAsync(image, ("upload_to_cos", true));
        foreach (var archive in Directory.GetFiles(service.Paths.BackupNode("local")))
        {
            File.Delete(archive);
        }

        using var ballast = Fill(leave: (64 << 20) + (VolumeBytes * 3 / 2));
        var stalled = service.Stall("download_ova_*", 0);
        await client.BeginAsync(first.Id, "download");
        await stalled.StruckAsync();

        var answer = await client.PostAsync($"/image-backups/{second.Id}/download");

        AssertRefused(answer, "the archive", "local");
        Assert.Equal("uploaded", await client.StatusAsync(second.Id));
        service.ClearFaults();
        await Polling.UntilAsync("the first download to end", async () => await client.StatusAsync(first.Id) == "uploaded");
    }

    [Fact]
    public async Task An_upload_that_fills_the_disk_is_refused_and_leaves_no_file()
    {
        var created = await service.Client.PostJsonAsync("/v2/images", """{"name":"large","disk_format":"raw","container_format":"bare"}""");
        using var ballast = Fill(leave: 10 << 20);

        using var content = new ByteArrayContent(Content.Random(VolumeBytes));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        using var response = await service.Client.PutAsync($"/v2/images/{created.Body.GetProperty("id").GetString()}/file", content);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("has no space left", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(service.Paths.Volumes));
    }

    [Fact]
    public async Task A_disk_that_fills_during_an_export_fails_it_and_the_database_survives()
    {
        var content = Content.Random(VolumeBytes);
        var image = await new ImageSeeds(service).ImageAsync(content);
        var stalled = service.Stall("backup_vol_*", 0.3);
        var started = await client.ExportAsync(image, ("upload_to_cos", false));
        await stalled.StruckAsync();

        using (Fill(leave: 0))
        {
            service.ClearFaults();
            await Polling.UntilAsync("the export to fail", async () => await client.StatusAsync(started.Id) == "error");
        }

        Assert.Contains("No space left", (await client.ShowAsync(started.Id)).GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(service.Paths.BackupNode("local")));
        var again = await client.ExportedAsync(image, ("upload_to_cos", false));
        var restored = await client.ImportedAsync(("image_backup_id", again.Id));
        Assert.Equal(content, Assert.Single(await new ImageSeeds(service).ContentsOfAsync(restored)));
    }

    private static void AssertRefused(ApiAnswer answer, string purpose, string directory)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Matches($@"space for {purpose}: up to \d+ bytes and a reserve of \d+ are needed, \d+ are free in {directory}, and other operations need \d+ of them", answer.Message);
    }

    public void Dispose()
    {
        service.Dispose();
        Tool.Run("umount", "-l", mount.Path);
        mount.Dispose();
    }

    [GeneratedRegex(@"up to (\d+) bytes")]
    private static partial Regex Needed();

    private long Free() => new DriveInfo(mount.Path).AvailableFreeSpace;

    /// <summary>Fills the disk except for <paramref name="leave"/> bytes, until disposal.</summary>
    private Ballast Fill(long leave) => new(Path.Combine(mount.Path, "ballast"), leave);

    private sealed class Ballast : IDisposable
    {
        private readonly string path;

        public Ballast(string path, long leave)
        {
            this.path = path;
            using var file = File.Create(path);
            var block = new byte[64 << 10];
            try
            {
                for (var left = new DriveInfo(path).AvailableFreeSpace - leave; left > 0; left -= block.Length)
                {
                    file.Write(block);
                    file.Flush();
                }
            }
            catch (IOException) when (leave == 0)
            {
                // The disk is full, as intended.
            }
        }

        public void Dispose() => File.Delete(path);
    }
}
