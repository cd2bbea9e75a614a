using System.Net;
using System.Text.Json;
using ImageBackup.Core.Catalog;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Imports of single disks that qemu-img made, compared with the raw disk that they were made from.</summary>
public sealed class DiskImportTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private const int DiskSize = 8 << 20;

    [Theory]
    [InlineData("qcow2", "compat=0.10")]
    [InlineData("qcow2", "compression_type=zstd,extended_l2=on,cluster_size=128k", "-c")]
    [InlineData("vmdk", "subformat=monolithicSparse")]
    [InlineData("vmdk", "subformat=streamOptimized")]
    [InlineData("vpc", "subformat=dynamic,force_size=on")]
    [InlineData("vpc", "subformat=fixed,force_size=on")]
    [InlineData("vhdx", "subformat=dynamic")]
    [InlineData("vdi", "static=off")]
    public async Task The_volume_has_the_bytes_that_the_guest_of_the_disk_sees(string format, string options, params string[] more)
    {
        var disk = await ConvertAsync("formats", format, options, more);
        await Tool.RunAsync("qemu-img", "convert", "-f", format, "-O", "raw", FileOf(disk), FileOf("expected.img"));

        await IsImportedAsync(disk, FileOf("expected.img"));
    }

    [Theory]
    [InlineData("gzip", "raw")]
    [InlineData("xz", "raw")]
    [InlineData("zstd", "raw")]
    [InlineData("gzip", "qcow2")]
    [InlineData("zstd", "vmdk")]
    public async Task A_compressed_disk_is_unpacked(string program, string format)
    {
        var raw = await RawAsync("packed");
        var disk = format == "raw" ? Path.GetFileName(raw) : await ConvertAsync("packed", format, "");
        await Tool.RunAsync("sh", "-c", $"{program} -c '{FileOf(disk)}' > '{FileOf("packed.disk")}'");

        await IsImportedAsync("packed.disk", raw);
    }

    [Fact]
    public async Task Holes_of_the_disk_stay_holes_of_the_volume()
    {
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", FileOf("large.qcow2"), "256M");
        await Tool.RunAsync("qemu-io", "-f", "qcow2", "-c", "write -P 7 200M 64k", FileOf("large.qcow2"));

        var image = await Client.ImportedAsync(Disk("large.qcow2"));

        var volume = (await Seeds.VolumesOfAsync(image)).Single().VolumeId;
        Assert.Equal(256 << 20, new FileInfo(Service.Paths.Volume(volume)).Length);
        Assert.Equal(64 << 10, Service.Services.GetRequiredService<VolumeStore>().DataBytes(volume));
    }

    [Theory]
    [InlineData("bzip2 -c", "The file is bzip2, which is not read as a disk")]
    [InlineData("zip -q -", "The file is zip, which is not read as a disk")]
    [InlineData("tar -cf - -C /", "The file is tar, which is not read as a disk")]
    [InlineData("tar -czf - -C /", "The gzip file contains tar, which is not read as a disk")]
    public async Task A_file_that_is_no_disk_is_refused_by_its_format(string command, string message)
    {
        var raw = await RawAsync("other");
        await Tool.RunAsync("sh", "-c", $"{command} '{(command.StartsWith("tar", StringComparison.Ordinal) ? raw[1..] : raw)}' > '{FileOf("other.disk")}'");

        await IsRefusedAsync("other.disk", message);
    }

    [Fact]
    public async Task A_disk_that_needs_other_files_is_refused_by_their_names()
    {
        var raw = await RawAsync("needed");
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", "-F", "raw", "-b", raw, FileOf("child.qcow2"));
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", "-o", $"data_file={FileOf("data.img")}", FileOf("external.qcow2"), "8M");
        await Tool.RunAsync("qemu-img", "convert", "-O", "vmdk", "-o", "subformat=monolithicFlat", raw, FileOf("flat.vmdk"));

        await IsRefusedAsync("child.qcow2", $"needs its backing file '{raw}'");
        await IsRefusedAsync("external.qcow2", $"in the external file '{FileOf("data.img")}'");
        await IsRefusedAsync("flat.vmdk", "flat-flat.vmdk");
    }

    [Fact]
    public async Task Force_raw_takes_the_bytes_of_the_file_as_the_disk()
    {
        var disk = await ConvertAsync("forced", "qcow2", "");

        var image = await Client.ImportedAsync([.. Disk(disk), ("force_raw", "True")]);

        Assert.Equal([await File.ReadAllBytesAsync(FileOf(disk), TestContext.Current.CancellationToken)], await Seeds.ContentsOfAsync(image));
    }

    [Fact]
    public async Task A_compressed_disk_that_is_damaged_fails_with_the_reason_and_leaves_nothing()
    {
        var raw = await RawAsync("damaged");
        await Tool.RunAsync("sh", "-c", $"gzip -c '{raw}' > '{FileOf("damaged.gz")}'");
        await using (var stream = File.OpenWrite(FileOf("damaged.gz")))
        {
            stream.SetLength(stream.Length / 2);
        }

        var before = await Footprint.TakeAsync(Service);

        var started = await Client.ImportAsync(Disk("damaged.gz"));
        var details = await Client.WaitAsync(started);

        Assert.Equal("REVERTED", States(details, "flow_details")["ImportFlow"]);
        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.Contains(": The gzip file is damaged", record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("Use another copy of the file.", record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task A_disk_without_properties_has_none()
    {
        var raw = await RawAsync("bare");

        var started = await Client.ImportAsync(Disk(Path.GetFileName(raw)));
        await Client.SucceedAsync(started);
        var again = await Client.ImportedAsync(("image_backup_id", started.Id));

        var record = await Client.ShowAsync(started.Id);
        Assert.Equal(JsonValueKind.Null, record.GetProperty("os_type").ValueKind);
        Assert.Equal(JsonValueKind.Null, record.GetProperty("architecture").ValueKind);
        var image = (await Client.GetAsync($"/v2/images/{again}")).Body;
        Assert.False(image.TryGetProperty("os_distro", out _));
        Assert.False(image.TryGetProperty("architecture", out _));
        Assert.Equal([await File.ReadAllBytesAsync(raw, TestContext.Current.CancellationToken)], await Seeds.ContentsOfAsync(again));
    }

    private static (string Name, object? Value)[] Disk(string name) => [("import_from_raw_file", true), ("ova_name", name)];

    private string FileOf(string name) => Path.Combine(Node, name);

    /// <summary>A raw disk on the node, with data, zeros and a hole at its end.</summary>
    private async Task<string> RawAsync(string name)
    {
        var bytes = Content.WithHoles(DiskSize, 96 << 10);
        bytes.AsSpan(7 << 20).Clear();
        await File.WriteAllBytesAsync(FileOf($"{name}.img"), bytes, TestContext.Current.CancellationToken);
        return FileOf($"{name}.img");
    }

    /// <summary>The raw disk in another format. Returns the file's name on the node.</summary>
    private async Task<string> ConvertAsync(string name, string format, string options, params string[] more)
    {
        string[] settings = options.Length == 0 ? [] : ["-o", options];
        await Tool.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", format, .. settings, .. more, await RawAsync(name), FileOf($"{name}.{format}")]);
        return $"{name}.{format}";
    }

    private async Task IsImportedAsync(string disk, string expectedFile)
    {
        var before = await Footprint.TakeAsync(Service);

        var started = await Client.ImportAsync(Disk(disk));
        var details = await Client.SucceedAsync(started);

        Assert.Equal(["ImportFlow"], States(details, "flow_details").Keys);
        var record = await Client.ShowAsync(started.Id);
        var image = record.GetProperty("image_id").GetString()!;
        var (volume, _) = Assert.Single(await Seeds.VolumesOfAsync(image));
        var expected = await File.ReadAllBytesAsync(expectedFile, TestContext.Current.CancellationToken);
        var content = Assert.Single(await Seeds.ContentsOfAsync(image));
        Assert.True(expected.AsSpan().SequenceEqual(content), "The volume differs.");
        Assert.Equal(1, record.GetProperty("size").GetInt32());
        Assert.Equal(1, (await Client.GetAsync($"/volumes/{volume}")).Body.GetProperty("volume").GetProperty("size").GetInt32());
        Assert.Equal([$"image {image} active", $"volume {volume} available", $"volumes/volume-{volume}"], (await Footprint.TakeAsync(Service)).Except(before));
    }

    private async Task IsRefusedAsync(string disk, string message)
    {
        var before = await Footprint.TakeAsync(Service, withBackups: true);

        var answer = await Client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(Disk(disk)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith($"Invalid input for field/attribute ova_name. Value: {disk}. ", answer.Message, StringComparison.Ordinal);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        Assert.EndsWith("or set force_raw to true if the bytes of the file are the disk itself.", answer.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Footprint.TakeAsync(Service, withBackups: true));
    }
}
