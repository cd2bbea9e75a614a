using System.Text.Json;
using ImageBackup.Api.Cli;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Commands;

/// <summary>Standard input and output, JSON and silence of the commands on files.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class StandardStreamTests : IDisposable
{
    private const int DiskSize = 5 << 20;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Only_the_user_can_read_the_disks_that_a_command_puts_aside()
    {
        using var scratch = new ScratchDirectory(directory.Path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(scratch.Path));
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("vmdk")]
    public async Task A_disk_is_converted_from_standard_input_to_standard_output(string format)
    {
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", "qcow2", Disk("disk"), File("disk.qcow2"));

        var run = await ShellAsync($"<disk.qcow2 $imagebackup disk convert - - --format {format} >converted");

        Assert.True(run.ExitCode == 0, run.Errors);
        await Tool.RunAsync("qemu-img", "compare", "-f", format, "-F", "raw", File("converted"), File("disk"));
        Assert.Contains("5.0 MiB of disks, ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_disk_of_a_pipe_becomes_a_volume_of_an_archive_that_goes_on_through_pipes()
    {
        Disk("disk");

        var run = await ShellAsync("""
            gzip -c disk | $imagebackup ova create --name x --arch ppc64le --os rhel --disk - --data-disk disk x.ova --quiet &&
            cat x.ova | $imagebackup ova verify - --quiet &&
            cat x.ova | $imagebackup ova extract - - --disk 1 --quiet | cmp - disk &&
            cat x.ova | $imagebackup ova inspect - --json --quiet && rm x.ova disk && ls -A
            """);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Empty(run.Errors);
        Assert.Contains("standard input: no damage found.", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"file\": \"standard input\"", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_volume_of_an_archive_is_extracted()
    {
        await CreateAsync();

        var run = await ShellAsync("$imagebackup ova extract x.ova out --disk 2 --quiet && ls -A out");

        Assert.Equal((0, $"{File("out")}/Image_x_volume_2.raw\nImage_x_volume_2.raw\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.Equal(await System.IO.File.ReadAllBytesAsync(File("data")), await System.IO.File.ReadAllBytesAsync(File("out/Image_x_volume_2.raw")));
    }

    [Theory]
    [InlineData("ova extract x.ova out --disk 3", "--disk 3 does not exist: x.ova has 2 volumes. Use 1 to 2.")]
    [InlineData("ova extract x.ova - | cat", "x.ova has 2 volumes to extract. Choose one for standard output with --disk.")]
    [InlineData("ova extract x.ova - --disk 1 --json | cat", "Both --json and - use standard output. Use one of them.")]
    [InlineData("ova extract x.ova - --disk 1 --format qcow2 | cat", "A qcow2 disk cannot be written to standard output, because its first table is known last. Use --format raw or vmdk, or a file.")]
    [InlineData("disk convert disk - --format qcow2 | cat", "A qcow2 disk cannot be written to standard output, because its first table is known last. Use --format raw or vmdk, or a file.")]
    [InlineData("disk convert disk none/disk --format raw", "The directory of none/disk does not exist.")]
    [InlineData("ova create --name x --arch ppc64le --os rhel --disk disk -", "An archive cannot be written to standard output, because its descriptor comes first and is known last. Use a file.")]
    [InlineData("ova create --name x --arch ppc64le --os rhel --disk - --disk - y.ova </dev/null", "Standard input is only one disk. Use - once.")]
    [InlineData("ova verify - </dev/null", "Standard input is empty.")]
    [InlineData("ova verify x.ova --quite", "Unrecognized command or argument '--quite'.")]
    [InlineData("disk info none", "File does not exist: 'none'.")]
    public async Task A_usage_error_names_the_culprit_on_the_error_stream(string command, string message)
    {
        await CreateAsync();

        var run = await ShellAsync($"set -o pipefail; $imagebackup {command}");

        Assert.Equal((2, "", message), (run.ExitCode, run.Output, run.Errors.Split('\n')[0]));
        Assert.Equal(["boot", "data", "disk", "x.ova"], Directory.EnumerateFileSystemEntries(directory.Path).Select(Path.GetFileName).Where(name => name != "out").Order());
    }

    [Theory]
    [InlineData("ova inspect bad", "bad: The file is bzip2, not an OVA.")]
    [InlineData("ova verify bad", "bad: The file is bzip2, not an OVA.")]
    [InlineData("ova extract bad out", "bad: The file is bzip2, not an OVA.")]
    [InlineData("ova create --name x --arch ppc64le --os rhel --disk disk --data-disk bad y.ova", "bad: The file is bzip2, which is not read as a disk.")]
    [InlineData("disk convert bad y --format raw", "bad: The file is bzip2, which is not read as a disk.")]
    [InlineData("disk info bad", "bad: The file is bzip2, which is not read as a disk.")]
    public async Task An_error_in_a_file_names_the_file(string command, string message)
    {
        Disk("disk");
        await Tool.RunAsync("sh", "-c", $"bzip2 -c '{File("disk")}' > '{File("bad")}'");

        var run = await ShellAsync($"$imagebackup {command} --quiet");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_results_and_the_summary()
    {
        using var created = JsonDocument.Parse((await CreateAsync("--json")).Output);
        using var verified = JsonDocument.Parse((await ShellAsync("$imagebackup ova verify x.ova --json")).Output);
        using var extracted = JsonDocument.Parse((await ShellAsync("$imagebackup ova extract x.ova out --json")).Output);
        using var converted = JsonDocument.Parse((await ShellAsync("$imagebackup disk convert boot boot.qcow2 --format qcow2 --json")).Output);

        var size = new FileInfo(File("x.ova")).Length;
        Assert.Equal((size, 2L * DiskSize, size), (created.RootElement.GetProperty("size").GetInt64(), Summary(created, "bytes"), Summary(created, "stored_bytes")));
        Assert.Equal(Math.Round(2.0 * DiskSize / size, 2), created.RootElement.GetProperty("summary").GetProperty("ratio").GetDouble());
        Assert.Equal((await Tool.RunAsync("sha256sum", File("x.ova"))).Split(' ')[0], created.RootElement.GetProperty("sha256").GetString());
        Assert.True(verified.RootElement.GetProperty("intact").GetBoolean());
        Assert.Equal((5, 2, 2L * DiskSize), (verified.RootElement.GetProperty("members_checked").GetInt32(), verified.RootElement.GetProperty("volumes_checked").GetInt32(), Summary(verified, "bytes")));
        Assert.Equal([File("out/Image_x_volume_1.raw"), File("out/Image_x_volume_2.raw")], extracted.RootElement.GetProperty("volumes").EnumerateArray().Select(volume => volume.GetProperty("file").GetString()));
        Assert.Equal((DiskSize, new FileInfo(File("boot.qcow2")).Length), (converted.RootElement.GetProperty("disk_size").GetInt64(), Summary(converted, "stored_bytes")));

        static long Summary(JsonDocument document, string name) => document.RootElement.GetProperty("summary").GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task A_damaged_archive_is_described_in_JSON()
    {
        await CreateAsync();
        using (var file = System.IO.File.Open(File("x.ova"), FileMode.Open))
        {
            file.Seek(-200_000, SeekOrigin.End);
            var value = file.ReadByte();
            file.Seek(-1, SeekOrigin.Current);
            file.WriteByte((byte)(value ^ 1));
        }

        var run = await ShellAsync("$imagebackup ova verify x.ova --json");

        using var verified = JsonDocument.Parse(run.Output);
        Assert.Equal((1, false), (run.ExitCode, verified.RootElement.GetProperty("intact").GetBoolean()));
        Assert.StartsWith("Image_x_volume_", verified.RootElement.GetProperty("damage").GetProperty("member").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_with_130_and_leaves_nothing()
    {
        Disk("disk");

        // The pipe stays open, so that the program waits for its end.
        var run = await ShellAsync("""
            set -m; mkfifo pipe && exec 3<>pipe && head -c 10000 disk >&3
            <pipe $imagebackup disk convert - converted --format raw 2>errors & program=$!
            until grep -q standard errors; do sleep 0.05; done
            kill -INT $program; wait $program; echo $?; tail -1 errors; ls -A
            """);

        Assert.Equal("130\nStopped.\ndisk\nerrors\npipe\n", run.Output);
    }

    private string File(string name) => Path.Combine(directory.Path, name);

    /// <summary>A disk with data and holes.</summary>
    private string Disk(string name)
    {
        System.IO.File.WriteAllBytes(File(name), Content.WithHoles(DiskSize, name.Length * 300_000));
        return File(name);
    }

    private Task<ProgramRun> CreateAsync(string more = "")
    {
        Disk("boot");
        Disk("data");
        Disk("disk");
        return ShellAsync($"$imagebackup ova create --name x --arch ppc64le --os rhel --disk boot --data-disk data x.ova {more}");
    }

    private Task<ProgramRun> ShellAsync(string commands)
        => ProgramRun.RunAsync("bash", ["-c", $"cd '{directory.Path}' && imagebackup='dotnet {Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll")}'\n{commands}"]);
}
