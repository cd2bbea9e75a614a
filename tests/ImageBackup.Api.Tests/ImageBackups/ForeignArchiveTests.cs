using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Archives and disks that another program made.</summary>
public sealed class ForeignArchiveTests(ForeignArchiveTests.TwoWorkers service) : FlowTest(service), IClassFixture<ForeignArchiveTests.TwoWorkers>
{
    /// <summary>Two volumes can be restored at once on any number of cores.</summary>
    public sealed class TwoWorkers : ServiceFixture
    {
        public TwoWorkers() => Settings["ImageBackup:Flows:Workers"] = "2";
    }

    private const int MiB = 1 << 20;

    /// <summary>The shape of older PowerVC versions: attributes without prefix, no size, no compression, no manifest.</summary>
    private const string Descriptor = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:r="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
          <References><File href="aixdb_boot" id="file1"/><File href="aixdb_data" id="file2"/></References>
          <DiskSection><Info>Disk Section</Info>
            <Disk capacity="2" capacityAllocationUnits="byte * 2^20" diskId="disk1" fileRef="file1"/>
            <Disk capacity="1" capacityAllocationUnits="byte * 2^20" diskId="disk2" fileRef="file2"/>
          </DiskSection>
          <VirtualSystemCollection>
            <VirtualSystem id="vs0"><Name>aixdb</Name><Info/>
              <OperatingSystemSection id="9"><Info/><Description>AIX</Description></OperatingSystemSection>
              <VirtualHardwareSection><Info>Storage resources</Info>
                <Item><r:Description>Temporary clone for export</r:Description><r:ElementName>aixdb_boot</r:ElementName><r:HostResource>/disk/disk1</r:HostResource>
                  <r:InstanceID>1</r:InstanceID><r:ResourceType>17</r:ResourceType><ns2:boot xmlns:ns2="ibmpvc">True</ns2:boot></Item>
                <Item><r:ElementName>aixdb_data</r:ElementName><r:HostResource>/disk/disk2</r:HostResource>
                  <r:InstanceID>2</r:InstanceID><r:ResourceType>17</r:ResourceType><ns2:boot xmlns:ns2="ibmpvc">False</ns2:boot></Item>
              </VirtualHardwareSection>
            </VirtualSystem>
            <Info/><Name>aixdb</Name>
          </VirtualSystemCollection>
        </Envelope>
        """;

    private readonly byte[] boot = Content.WithHoles(2 * MiB, 300_000);
    private readonly byte[] data = Content.Random(MiB, 2);

    [Theory]
    [InlineData("older-1.ova", true)]
    [InlineData("older-2.ova.gz", true)]
    [InlineData("older-3.ova", false)]
    public async Task An_archive_of_an_older_PowerVC_is_imported_by_its_name(string name, bool gzipped)
    {
        await WriteOlderAsync(name, gzipped);

        var started = await Client.ImportAsync(("ova_name", name));
        await Client.SucceedAsync(started);

        var record = await Client.ShowAsync(started.Id);
        var imageId = record.GetProperty("image_id").GetString()!;
        Assert.Equal("available", record.GetProperty("status").GetString());
        Assert.Equal([boot, data], await Seeds.ContentsOfAsync(imageId));
        Assert.Equal([0, -1], (await Seeds.VolumesOfAsync(imageId)).Select(volume => volume.BootIndex));
        var image = (await Client.GetAsync($"/v2/images/{imageId}")).Body;
        Assert.Equal("active", image.GetProperty("status").GetString());
        Assert.Equal("aix", image.GetProperty("os_distro").GetString());
        Assert.Equal("ppc64", image.GetProperty("architecture").GetString());
        Assert.Empty(Directory.GetFileSystemEntries(Node, ".*"));
    }

    [Fact]
    public async Task An_object_of_a_gzipped_archive_keeps_its_extension_where_its_name_is_taken()
    {
        await WriteOlderAsync("taken.ova.gz", gzipped: true);
        var started = await Client.ImportAsync(("ova_name", "taken.ova.gz"));
        await Client.SucceedAsync(started);
        await File.WriteAllTextAsync(Path.Combine(Service.Paths.Cos, "cos-default", "taken.ova.gz"), "another archive");

        await Client.SucceedAsync(await Client.BeginAsync(started.Id, "upload"));

        Assert.Matches(@"^taken-[0-9a-f]{8}\.ova\.gz$", (await Client.ShowAsync(started.Id)).GetProperty("cos_object").GetString());
    }

    [Fact]
    public async Task An_archive_with_members_of_another_gzip_program_is_imported()
    {
        await WriteGzippedMembersAsync("members.ova");

        Assert.Equal([boot, data], await Seeds.ContentsOfAsync(await Client.ImportedAsync(("ova_name", "members.ova"))));
    }

    [Fact]
    public async Task Volumes_of_another_gzip_program_are_restored_in_parallel_and_a_reset_reverts_all()
    {
        await WriteGzippedMembersAsync("side-by-side.ova");
        var before = await Footprint.TakeAsync(Service);
        var fault = Service.Stall("restore_*", 0.5);

        var started = await Client.ImportAsync(("ova_name", "side-by-side.ova"));
        await fault.StruckAsync();
        await Polling.UntilAsync("one volume is mapped while the other hangs", async () => (await StatesOfAsync("create_map_")).Contains("SUCCESS"));
        var whileItHung = await StatesOfAsync("restore_");
        await Client.ResetAsync(started.Id);
        await Client.WaitAsync(started);

        Assert.Equal(["RUNNING", "SUCCESS"], whileItHung.Order());
        Assert.Equal(["REVERTED", "REVERTED"], await StatesOfAsync("restore_"));
        Assert.Equal(before, await Footprint.TakeAsync(Service));

        async Task<IReadOnlyList<string>> StatesOfAsync(string task)
            => [.. (await Client.ProgressAsync(started, withDetails: true)).GetProperty("tasks").EnumerateArray()
                .Where(row => row.GetProperty("name").GetString()!.StartsWith(task, StringComparison.Ordinal)).Select(row => row.GetProperty("state").GetString()!)];
    }

    [Fact]
    public async Task An_imported_archive_can_be_imported_again_by_its_backup_id()
    {
        await WriteOlderAsync("twice.ova", gzipped: false);
        var first = await Client.ImportAsync(("ova_name", "twice.ova"));
        await Client.SucceedAsync(first);

        var again = await Client.ImportedAsync(("image_backup_id", first.Id));

        Assert.Equal([boot, data], await Seeds.ContentsOfAsync(again));
    }

    [Theory]
    [InlineData("aix", "ppc64", "big-endian")]
    [InlineData("RHEL", "ppc64le", "little-endian")]
    public async Task A_raw_disk_is_imported_with_the_properties_of_the_request(string osType, string architecture, string endianness)
    {
        var name = $"disk-{architecture}.raw";
        var content = Content.WithHoles(2 * MiB + 512, MiB / 2);
        await File.WriteAllBytesAsync(Path.Combine(Node, name), content);

        var started = await Client.ImportAsync(("import_from_raw_file", "True"), ("os_type", osType), ("architecture", architecture), ("ova_name", name));
        var details = await Client.SucceedAsync(started);

        Assert.Equal(["ImportFlow"], States(details, "flow_details").Keys);
        var imageId = (await Client.ShowAsync(started.Id)).GetProperty("image_id").GetString()!;
        Assert.Equal([content], await Seeds.ContentsOfAsync(imageId));
        var image = (await Client.GetAsync($"/v2/images/{imageId}")).Body;
        Assert.Equal(osType.ToLowerInvariant(), image.GetProperty("os_distro").GetString());
        Assert.Equal("ppc64", image.GetProperty("architecture").GetString());
        Assert.Equal(architecture, (await Client.ShowAsync(started.Id)).GetProperty("architecture").GetString());
        Assert.Equal(endianness, image.GetProperty("endianness").GetString());
    }

    [Fact]
    public async Task A_raw_disk_is_imported_again_by_its_backup_id_and_cannot_be_uploaded_or_verified()
    {
        var content = Content.Random(5000);
        await File.WriteAllBytesAsync(Path.Combine(Node, "again.raw"), content);
        var first = await Client.ImportAsync(("import_from_raw_file", true), ("os_type", "aix"), ("architecture", "ppc64"), ("ova_name", "again.raw"));
        await Client.SucceedAsync(first);

        var remembered = await Client.ImportedAsync(("image_backup_id", first.Id));
        var told = await Client.ImportedAsync(("image_backup_id", first.Id), ("import_from_raw_file", true), ("os_type", "rhel"), ("architecture", "ppc64le"));
        var upload = await Client.PostAsync($"/image-backups/{first.Id}/upload");
        var verify = await Client.PostAsync($"/image-backups/{first.Id}/verify");

        Assert.Equal([content], await Seeds.ContentsOfAsync(remembered));
        Assert.Equal([content], await Seeds.ContentsOfAsync(told));
        Assert.Equal("aix", (await Client.GetAsync($"/v2/images/{remembered}")).Body.GetProperty("os_distro").GetString());
        Assert.Equal("rhel", (await Client.GetAsync($"/v2/images/{told}")).Body.GetProperty("os_distro").GetString());
        Assert.Equal($"Invalid image backup: Image backup {first.Id} is the raw disk again.raw; only an archive (.ova, .ova.gz, .ova.xz or .ova.zst) can be uploaded.", upload.Message);
        Assert.Equal($"Invalid image backup: Image backup {first.Id} is the raw disk again.raw; only an archive (.ova, .ova.gz, .ova.xz or .ova.zst) can be verified.", verify.Message);
        Assert.Equal("available", await Client.StatusAsync(first.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_archive_is_not_imported_as_a_raw_disk(bool isUploaded)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1000)), ("upload_to_cos", isUploaded));
        var before = await Footprint.TakeAsync(Service, withBackups: true);

        var answer = await Client.PostAsync(
            "/image-backups/import_image",
            BackupClient.ImportBody(("image_backup_id", exported.Id), ("import_from_raw_file", true), ("os_type", "aix"), ("architecture", "ppc64")));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal($"Invalid input for field/attribute import_from_raw_file. Value: true. Image backup {exported.Id} is the archive backup_{exported.Id}.ova; leave the field out.", answer.Message);
        Assert.Equal(before, await Footprint.TakeAsync(Service, withBackups: true));
    }

    [Fact]
    public async Task A_forced_raw_disk_that_begins_like_gzip_is_imported_unchanged()
    {
        byte[] content = [0x1f, 0x8b, 0x08, 0, .. Content.Random(5000)];
        await File.WriteAllBytesAsync(Path.Combine(Node, "like-gzip.raw"), content);

        var imageId = await Client.ImportedAsync(("import_from_raw_file", true), ("os_type", "aix"), ("architecture", "ppc64"), ("ova_name", "like-gzip.raw"), ("force_raw", true));

        Assert.Equal([content], await Seeds.ContentsOfAsync(imageId));
    }

    [Theory]
    [InlineData("os_type", "'aix', 'ibmi', 'rhel', 'coreos', 'ubuntu', 'sles'")]
    [InlineData("architecture", "'ppc64', 'ppc64le'")]
    public async Task A_raw_disk_with_unknown_properties_is_refused(string field, string words)
    {
        await File.WriteAllBytesAsync(Path.Combine(Node, "refused.raw"), Content.Random(100));
        var before = await Footprint.TakeAsync(Service, withBackups: true);

        var answer = await Client.PostAsync(
            "/image-backups/import_image", BackupClient.ImportBody(("import_from_raw_file", true), ("ova_name", "refused.raw"), (field, "vax")));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal($"Invalid input for field/attribute {field}. Value: vax. 'vax' is not one of [{words}]", answer.Message);
        Assert.Equal(before, await Footprint.TakeAsync(Service, withBackups: true));
    }

    [Theory]
    [InlineData("empty.ova", 0)]
    [InlineData("noise.ova", 5000)]
    public async Task A_file_that_is_not_an_archive_fails_with_the_reason(string name, int size)
    {
        await File.WriteAllBytesAsync(Path.Combine(Node, name), Content.Random(size));
        var before = await Footprint.TakeAsync(Service);

        var started = await Client.ImportAsync(("ova_name", name));
        var details = await Client.WaitAsync(started);

        Assert.Equal("REVERTED", States(details, "flow_details")["PreImportFlow"]);
        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.StartsWith($"extract_ova_{name}: ", record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, record.GetProperty("image_id").ValueKind);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    private async Task WriteMembersAsync(string directory)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "aixdb.ovf"), Descriptor);
        await File.WriteAllTextAsync(Path.Combine(directory, "aixdb.meta"), "os-type = aix\narchitecture = ppc64\nvol1-file = aixdb_boot\nvol1-type = boot\nvol2-file = aixdb_data\nvol2-type = data\n");
        await File.WriteAllBytesAsync(Path.Combine(directory, "aixdb_boot"), boot);
        await File.WriteAllBytesAsync(Path.Combine(directory, "aixdb_data"), data);
    }

    private async Task WriteGzippedMembersAsync(string name)
    {
        using var directory = new TemporaryDirectory();
        await WriteMembersAsync(directory.Path);
        foreach (var member in (string[])["aixdb_boot", "aixdb_data"])
        {
            await Tool.RunAsync("pigz", Path.Combine(directory.Path, member));
            File.Move(Path.Combine(directory.Path, member + ".gz"), Path.Combine(directory.Path, member));
        }

        await Tool.RunAsync("tar", "-cf", Path.Combine(Node, name), "-C", directory.Path, "aixdb.ovf", "aixdb_data", "aixdb_boot");
    }

    private async Task WriteOlderAsync(string name, bool gzipped)
    {
        using var directory = new TemporaryDirectory();
        await WriteMembersAsync(directory.Path);
        var tar = Path.Combine(directory.Path, "archive");
        await Tool.RunAsync("tar", "-cf", tar, "-C", directory.Path, "aixdb.ovf", "aixdb.meta", "aixdb_boot", "aixdb_data");
        if (gzipped)
        {
            await Tool.RunAsync("gzip", tar);
            tar += ".gz";
        }

        File.Move(tar, Path.Combine(Node, name));
    }
}
