using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Commands;

/// <summary>The <c>ova</c> commands on disk images; qemu-img makes and judges them.</summary>
public sealed class OvaFormatTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    [Theory]
    [InlineData("qcow2", "cat")]
    [InlineData("vmdk", "cat")]
    [InlineData("qcow2", "gzip -c")]
    [InlineData("raw", "xz -c")]
    public async Task The_archive_of_a_disk_image_holds_the_bytes_that_its_guest_sees(string format, string packer)
    {
        var disk = Disk();
        await Tool.RunAsync("sh", "-c", $"qemu-img convert -f raw -O {format} '{disk}' '{disk}.image' && {packer} < '{disk}.image' > '{disk}.packed'");

        var created = await CreateAsync(disk + ".packed");
        var extracted = await ProgramRun.CommandAsync(["ova", "extract", Archive, Path.Combine(directory.Path, "out")]);

        Assert.True(created.ExitCode == 0, created.Errors);
        Assert.True(extracted.ExitCode == 0, extracted.Errors);
        Assert.Equal(await File.ReadAllBytesAsync(disk), await File.ReadAllBytesAsync(extracted.Output.TrimEnd()));
        Assert.Equal(["disk", "disk.image", "disk.packed", "out", "x.ova"], Directory.EnumerateFileSystemEntries(directory.Path).Select(path => Path.GetFileName(path)).Order());
    }

    [Theory]
    [InlineData("qcow2")]
    [InlineData("vmdk")]
    public async Task Volumes_are_extracted_in_another_format(string format)
    {
        var disk = Disk();
        await CreateAsync(disk);

        var extracted = await ProgramRun.CommandAsync(["ova", "extract", Archive, Path.Combine(directory.Path, "out"), "--format", format]);

        Assert.True(extracted.ExitCode == 0, extracted.Errors);
        var file = extracted.Output.TrimEnd();
        Assert.EndsWith($"_volume_1.{format}", file, StringComparison.Ordinal);
        await Tool.RunAsync("qemu-img", "check", "-f", format, file);
        await Tool.RunAsync("qemu-img", "compare", "-f", "raw", "-F", format, disk, file);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(Path.Combine(directory.Path, "out")));
    }

    [Fact]
    public async Task A_format_that_is_not_read_is_refused_unless_it_is_forced_raw()
    {
        await Tool.RunAsync("bzip2", Disk());
        var bzip2 = Path.Combine(directory.Path, "disk.bz2");

        var refused = await CreateAsync(bzip2);
        var forced = await CreateAsync(bzip2, "--force-raw");
        var verified = await ProgramRun.CommandAsync(["ova", "verify", Archive]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is bzip2, which is not read as a disk", refused.Errors, StringComparison.Ordinal);
        Assert.True(forced.ExitCode == 0, forced.Errors);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Errors);
    }

    [Fact]
    public async Task A_foreign_archive_is_inspected_verified_and_extracted()
    {
        var disk = Disk();
        await Tool.RunAsync("sh", "-c", $"""
            cd '{directory.Path}' && mkdir -p foreign/sub && qemu-img convert -f raw -O vmdk -o subformat=streamOptimized disk foreign/sub/one.vmdk &&
            echo '<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"><References><File href="one.vmdk" id="f"/></References><DiskSection><Info/>
            <Disk capacity="4194304" diskId="d" fileRef="f" format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
            <Disk capacity="1048576" diskId="e"/></DiskSection></Envelope>' > foreign/sub/x.ovf &&
            cd foreign/sub && sha1sum x.ovf one.vmdk | sed 's/\(.*\)  \(.*\)/SHA1(\2)= \1/' > x.mf && cd .. && tar -cf - . | xz -c > '{Archive}'
            """);

        var inspected = await ProgramRun.CommandAsync(["ova", "inspect", "--json", Archive]);
        var verified = await ProgramRun.CommandAsync(["ova", "verify", Archive]);
        var extracted = await ProgramRun.CommandAsync(["ova", "extract", Archive, Path.Combine(directory.Path, "out")]);

        using var json = JsonDocument.Parse(inspected.Output);
        Assert.Equal(["VMDK none", "raw none"], json.RootElement.GetProperty("volumes").EnumerateArray().Select(volume => $"{volume.GetProperty("format")} {volume.GetProperty("compression")}"));
        Assert.Contains("no damage found. 2 members", verified.Output, StringComparison.Ordinal);
        var files = extracted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["sub_one.vmdk.raw", "blank-e.raw"], files.Select(Path.GetFileName));
        Assert.Equal(await File.ReadAllBytesAsync(disk), await File.ReadAllBytesAsync(files[0]));
        Assert.Equal(new byte[1 << 20], await File.ReadAllBytesAsync(files[1]));
    }

    public void Dispose() => directory.Dispose();

    private string Archive => Path.Combine(directory.Path, "x.ova");

    private Task<ProgramRun> CreateAsync(string disk, params string[] more)
        => ProgramRun.CommandAsync(["ova", "create", "--name", "x", "--arch", "ppc64le", "--os", "rhel", "--disk", disk, .. more, Archive]);

    private string Disk()
    {
        var path = Path.Combine(directory.Path, "disk");
        File.WriteAllBytes(path, Content.WithHoles(4 << 20, 700_000));
        return path;
    }
}
