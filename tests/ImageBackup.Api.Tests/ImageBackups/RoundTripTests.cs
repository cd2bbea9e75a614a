using ImageBackup.Ova.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>An exported and imported image has the same bytes.</summary>
public sealed class RoundTripTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private const int MiB = 1 << 20;

    public static TheoryData<object, string> Compressions => new()
    {
        { "True", "True" }, { true, "True" }, { "tRuE", "True" }, { "yes", "True" }, { "1", "True" },
        { "Fast", "Fast" }, { "fast", "Fast" }, { " FAST ", "Fast" },
        { "False", "False" }, { false, "False" }, { "OFF", "False" }, { "n", "False" },
    };

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task Every_spelling_of_every_compression_is_exported_and_imported(object requested, string effective)
    {
        var content = Content.WithHoles(2 * MiB + 12_345, 300_000);
        var imageId = await Seeds.ImageAsync(content);

        var backup = await Client.ExportedAsync(imageId, ("compression", requested));
        var restored = await Client.ImportedAsync(("image_backup_id", backup.Id));

        var record = await Client.ShowAsync(backup.Id);
        Assert.Equal(effective, record.GetProperty("effective_compression").GetString());
        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
        Assert.Equal("available", record.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("True")]
    [InlineData("Fast")]
    [InlineData("False")]
    public async Task Three_volumes_keep_their_order_and_boot_indexes(string compression)
    {
        byte[][] contents = [Content.Random(3 * MiB, 1), Content.WithHoles(2 * MiB, MiB / 2, 2), Content.Random(MiB + 1, 3)];
        var imageId = await Seeds.ImageAsync("three-volumes", (contents[2], -1), (contents[1], 1), (contents[0], 0));

        var backup = await Client.ExportedAsync(imageId, ("compression", compression));
        var restored = await Client.ImportedAsync(("image_backup_id", backup.Id));

        Assert.Equal([0, 1, -1], (await Seeds.VolumesOfAsync(restored)).Select(volume => volume.BootIndex));
        Assert.Equal(contents, await Seeds.ContentsOfAsync(restored));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(MiB)]
    [InlineData(MiB + 1)]
    public async Task Volumes_of_any_size_are_exported_and_imported(int size)
    {
        foreach (var compression in (string[])["True", "False"])
        {
            var content = Content.Random(size);
            var imageId = await Seeds.ImageAsync(content);

            var backup = await Client.ExportedAsync(imageId, ("compression", compression));
            var restored = await Client.ImportedAsync(("image_backup_id", backup.Id));

            Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
        }
    }

    [Theory]
    [InlineData("True")]
    [InlineData("False")]
    public async Task A_restored_volume_is_sparse(string compression)
    {
        var content = new byte[32 * MiB];
        Content.Random(MiB).CopyTo(content, 8 * MiB);
        var imageId = await Seeds.ImageAsync(content);

        var backup = await Client.ExportedAsync(imageId, ("compression", compression));
        var restored = await Client.ImportedAsync(("image_backup_id", backup.Id));

        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
        Assert.InRange(AllocatedBytes(await Seeds.BootFileOfAsync(restored)), MiB, 2 * MiB);
    }

    [Theory]
    [InlineData("True")]
    [InlineData("Fast")]
    public async Task A_volume_over_8_GiB_is_exported_and_imported(string compression)
    {
        const long Size = 9L << 30;
        long[] places = [0, (8L << 30) + 4096, Size - MiB];
        var volumeId = await Seeds.VolumeAsync(9);
        using (var volume = File.OpenHandle(Service.Paths.Volume(volumeId), FileMode.Open, FileAccess.Write))
        {
            for (var i = 0; i < places.Length; i++)
            {
                RandomAccess.Write(volume, Content.Random(MiB, i), places[i]);
            }
        }

        var imageId = await Seeds.ImageOfAsync("large", (volumeId, 0));

        var backup = await Client.ExportedAsync(imageId, ("compression", compression));
        var restored = await Client.ImportedAsync(("image_backup_id", backup.Id));

        var file = await Seeds.BootFileOfAsync(restored);
        Assert.Equal(Size, new FileInfo(file).Length);
        Assert.InRange(AllocatedBytes(file), 3 * MiB, 6 * MiB);
        using var written = File.OpenHandle(file);
        for (var i = 0; i < places.Length; i++)
        {
            var bytes = new byte[MiB];
            RandomAccess.Read(written, bytes, places[i]);
            Assert.Equal(Content.Random(MiB, i), bytes);
        }
    }

    [Fact]
    public async Task An_export_leaves_only_its_archive_on_the_node()
    {
        var imageId = await Seeds.ImageAsync("two-volumes", (Content.Random(MiB), 0), (Content.Random(MiB, 2), -1));
        var before = await Footprint.TakeAsync(Service);

        var backup = await Client.ExportedAsync(imageId);

        var ova = Path.GetRelativePath(Service.DataDirectory, await OvaOfAsync(backup.Id));
        Assert.Equal([ova], (await Footprint.TakeAsync(Service)).Except(before));
    }

    [Theory]
    [InlineData("../../../evil")]
    [InlineData("..")]
    [InlineData("a/b\\c\u0001\"<&>ü 漢字")]
    public async Task Archives_of_backups_with_any_name_stay_inside_the_node(string name)
    {
        var content = Content.Random(MiB);
        var imageId = await Seeds.ImageAsync(content, name);
        var before = await Footprint.TakeAsync(Service);

        var backup = await Client.ExportedAsync(imageId, ("name", name), ("description", name));
        var added = (await Footprint.TakeAsync(Service)).Except(before).ToList();
        var restored = await Client.ImportedAsync(("image_backup_id", backup.Id), ("name", name), ("description", name));

        Assert.Matches("^backup-nodes/local/[A-Za-z0-9_.-]+\\.ova$", Assert.Single(added));
        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
        Assert.Equal(name, (await Client.GetAsync($"/v2/images/{restored}")).Body.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("False", false, false, "False")]
    [InlineData("False", false, true, "Fast")]
    [InlineData("True", false, false, "True")]
    [InlineData("True", false, true, "Fast")]
    [InlineData("Fast", false, false, "Fast")]
    [InlineData("Fast", false, true, "Fast")]
    public Task A_node_setting_can_override_the_compression(string requested, bool service, bool node, string effective)
        => CompressionAsync(Service, requested, service, node, effective);

    internal static async Task CompressionAsync(ServiceFixture service, string requested, bool serviceFast, bool nodeFast, string effective)
    {
        Assert.Equal(serviceFast, service.Settings.GetValueOrDefault("ImageBackup:UseFastCompression") == "true");
        var (client, seeds) = (new BackupClient(service), new ImageSeeds(service));
        var registration = new { backup_nodes = new { registration = new { fast_compression = nodeFast } } };
        Assert.Equal(System.Net.HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Put, "/backup-nodes/local", registration)).Status);

        var backup = await client.ExportedAsync(await seeds.ImageAsync(Content.Random(1000)), ("compression", requested));

        var record = await client.ShowAsync(backup.Id);
        Assert.Equal(requested, record.GetProperty("compression").GetString());
        Assert.Equal(effective, record.GetProperty("effective_compression").GetString());
        await client.SendAsync(HttpMethod.Put, "/backup-nodes/local", new { backup_nodes = new { registration = new { fast_compression = false } } });
    }

    private static long AllocatedBytes(string path)
    {
        using var file = File.OpenHandle(path);
        long allocated = 0;
        var (length, data) = (RandomAccess.GetLength(file), NativeFile.NextData(file, 0));
        while (data >= 0 && data < length)
        {
            var hole = NativeFile.NextHole(file, data);
            allocated += hole - data;
            data = hole >= length ? -1 : NativeFile.NextData(file, hole);
        }

        return allocated;
    }
}
