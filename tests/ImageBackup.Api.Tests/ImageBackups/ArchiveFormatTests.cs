using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Archives whose members are disk images, imported and verified through the API.</summary>
public sealed class ArchiveFormatTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private const int DiskSize = 3 << 20;

    private readonly TemporaryDirectory directory = new();

    [Theory]
    [InlineData("vmdk", "subformat=streamOptimized", "cat")]
    [InlineData("qcow2", "compression_type=zstd", "cat")]
    [InlineData("qcow2", "compat=0.10", "xz")]
    [InlineData("vpc", "subformat=fixed,force_size=on", "gzip")]
    public async Task The_volume_has_the_bytes_that_the_guest_of_the_member_sees(string format, string options, string packer)
    {
        var disk = await DiskAsync();
        await Tool.RunAsync("sh", "-c", $"qemu-img convert -f raw -O {format} -o {options} '{disk}' '{disk}.image' && {packer} -c < '{disk}.image' > '{directory.Path}/member'".Replace("cat -c", "cat", StringComparison.Ordinal));
        var name = await ArchiveAsync($"image-{format}-{packer}.ova");

        var started = await Client.ImportAsync(("ova_name", name));
        await Client.SucceedAsync(started);
        var image = (await Client.ShowAsync(started.Id)).GetProperty("image_id").GetString()!;
        await Client.SucceedAsync(await Client.BeginAsync(started.Id, "verify"));

        Assert.Equal([await File.ReadAllBytesAsync(disk)], await Seeds.ContentsOfAsync(image));
        Assert.Equal("available", await Client.StatusAsync(started.Id));
        Assert.Empty(Directory.GetFileSystemEntries(Node, ".*"));
    }

    public static TheoryData<string> Shapes => [.. ForeignShape.All.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task An_archive_in_the_shape_of_another_program_is_imported_verified_and_extracted(string name)
    {
        var shape = ForeignShape.All[name];
        await shape.PackAsync(directory.Path, Path.Combine(Node, name));
        var expected = shape.Volumes.Select(volume => Padded(Path.Combine(directory.Path, volume.Disk), volume.Capacity)).ToList();

        var started = await Client.ImportAsync(("ova_name", name));
        await Client.SucceedAsync(started);
        var image = (await Client.ShowAsync(started.Id)).GetProperty("image_id").GetString()!;
        await Client.SucceedAsync(await Client.BeginAsync(started.Id, "verify"));
        var extracted = await ProgramRun.CommandAsync(["ova", "extract", Path.Combine(Node, name), Path.Combine(directory.Path, "extracted")]);

        Assert.Equal(expected, await Seeds.ContentsOfAsync(image));
        Assert.Equal("available", await Client.StatusAsync(started.Id));
        Assert.True(extracted.ExitCode == 0, extracted.Errors);
        Assert.Equal(expected, extracted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(File.ReadAllBytes));
        Assert.Empty(Directory.GetFileSystemEntries(Node, ".*"));
    }

    [Theory]
    [InlineData("vmware.ova", "vm-disk1.vmdk", "SHA-1")]
    [InlineData("virtualbox.ova", "data.vdi", "SHA-512")]
    public async Task A_member_that_differs_from_its_manifest_fails_the_import_by_name(string name, string member, string algorithm)
    {
        await ForeignShape.All[name].PackAsync(directory.Path, Path.Combine(directory.Path, "good.ova"));
        await Tool.RunAsync("sh", "-c", $"cd '{directory.Path}' && mkdir bad && tar -xf good.ova -C bad && printf x >> bad/{member} && tar -C bad -cf '{Path.Combine(Node, "bad-" + name)}' .");

        var started = await Client.ImportAsync(("ova_name", $"bad-{name}"));
        await Client.WaitAsync(started);

        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.Contains($"{member}: the {algorithm} of the stored member differs", record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_of_a_format_that_is_not_read_is_refused_unless_it_is_forced_raw()
    {
        await Tool.RunAsync("sh", "-c", $"bzip2 -c '{await DiskAsync()}' > '{directory.Path}/member'");
        var name = await ArchiveAsync("bzip2.ova");

        var refused = await Client.ImportAsync(("ova_name", name));
        await Client.WaitAsync(refused);
        var forced = await Client.ImportAsync(("ova_name", name), ("force_raw", true));
        await Client.SucceedAsync(forced);
        var record = await Client.ShowAsync(forced.Id);
        await Client.WaitAsync(await Client.BeginAsync(forced.Id, "verify"));
        var verified = await Client.StatusAsync(forced.Id);
        await Client.SucceedAsync(await Client.BeginAsync(forced.Id, "verify?force_raw=true"));

        var reason = (await Client.ShowAsync(refused.Id)).GetProperty("fail_reason").GetString()!;
        Assert.Contains("'member': The file is bzip2, which is not read as a disk", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", reason, StringComparison.OrdinalIgnoreCase);
        var content = (await Seeds.ContentsOfAsync(record.GetProperty("image_id").GetString()!)).Single();
        Assert.Equal(await File.ReadAllBytesAsync($"{directory.Path}/member"), content[..(int)new FileInfo($"{directory.Path}/member").Length]);
        Assert.Equal("available", verified);
    }

    private static byte[] Padded(string disk, long capacity)
    {
        var bytes = disk == "/dev/null" ? [] : File.ReadAllBytes(disk);
        return [.. bytes, .. new byte[capacity - bytes.Length]];
    }

    /// <summary>Writes an archive with the member and a manifest of SHA-512 to the node.</summary>
    private async Task<string> ArchiveAsync(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "x.ovf"), $"""
            <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1">
              <References><File href="member" id="file1"/></References>
              <DiskSection><Info/><Disk capacity="{DiskSize}" diskId="disk1" fileRef="file1"/></DiskSection>
              <VirtualSystem id="x"><Info/><Name>x</Name></VirtualSystem>
            </Envelope>
            """);
        await Tool.RunAsync("sh", "-c", $"cd '{directory.Path}' && sha512sum x.ovf member | sed 's/\\(.*\\)  \\(.*\\)/SHA512(\\2)= \\1/' > x.mf && tar -cf '{Path.Combine(Node, name)}' x.ovf member x.mf");
        return name;
    }

    private async Task<string> DiskAsync()
    {
        var path = Path.Combine(directory.Path, "disk.img");
        await File.WriteAllBytesAsync(path, Content.WithHoles(DiskSize, 700_000));
        return path;
    }
}
