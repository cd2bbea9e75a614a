using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Commands;

/// <summary>The program, as a shell runs it, on archives without a service.</summary>
public sealed class OvaCommandTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    [Theory]
    [InlineData("True")]
    [InlineData("Fast")]
    [InlineData("False")]
    public async Task Extracted_disks_have_the_bytes_of_the_packed_ones(string compression)
    {
        var boot = Disk("boot.img", 3_000_000);
        var data = Disk("data.img", 1_234_567);

        var created = await CreateAsync(compression, boot, data);
        var extracted = await ProgramRun.CommandAsync(["ova", "extract", Archive, Path.Combine(directory.Path, "out")]);

        Assert.True(created.ExitCode == 0, created.Errors);
        Assert.True(extracted.ExitCode == 0, extracted.Errors);
        var files = extracted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(await File.ReadAllBytesAsync(boot), await File.ReadAllBytesAsync(files[0]));
        Assert.Equal(await File.ReadAllBytesAsync(data), await File.ReadAllBytesAsync(files[1]));
        Assert.Equal(files.Order(), Directory.EnumerateFileSystemEntries(Path.Combine(directory.Path, "out")).Order());
    }

    [Fact]
    public async Task The_tar_members_match_the_output_of_inspect()
    {
        await CreateAsync("Fast", Disk("boot.img", 2_000_000), Disk("data.img", 1_000_000));

        var inspected = await ProgramRun.CommandAsync(["ova", "inspect", "--json", Archive]);
        var listed = await ProgramRun.RunAsync("tar", ["tf", Archive]);

        using var json = JsonDocument.Parse(inspected.Output);
        var root = json.RootElement;
        Assert.Equal("web server", root.GetProperty("name").GetString());
        Assert.Equal("rhel", root.GetProperty("os_type").GetString());
        Assert.Equal("ppc64le", root.GetProperty("architecture").GetString());
        Assert.True(root.GetProperty("has_manifest").GetBoolean());
        var volumes = root.GetProperty("volumes").EnumerateArray().ToList();
        Assert.Equal([2_000_000, 1_000_000], volumes.Select(volume => volume.GetProperty("capacity").GetInt64()));
        Assert.Equal([true, false], volumes.Select(volume => volume.GetProperty("boot").GetBoolean()));
        Assert.All(volumes, volume => Assert.Contains(volume.GetProperty("member").GetString()!, listed.Output.Split('\n')));
    }

    [Fact]
    public async Task A_flipped_byte_is_reported_and_nothing_is_extracted()
    {
        await CreateAsync("Fast", Disk("boot.img", 3_000_000), Disk("data.img", 100_000));
        using (var file = File.Open(Archive, FileMode.Open))
        {
            file.Seek(-200_000, SeekOrigin.End);
            var value = file.ReadByte();
            file.Seek(-1, SeekOrigin.Current);
            file.WriteByte((byte)(value ^ 1));
        }

        var verified = await ProgramRun.CommandAsync(["ova", "verify", Archive]);
        var extracted = await ProgramRun.CommandAsync(["ova", "extract", Archive, Path.Combine(directory.Path, "out")]);

        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("damaged. Image_web_server_volume_1", verified.Output, StringComparison.Ordinal);
        Assert.Equal(1, extracted.ExitCode);
        Assert.Contains("expected", extracted.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(directory.Path, "out")));
    }

    [Fact]
    public async Task An_intact_archive_is_reported_as_intact()
    {
        await CreateAsync("Fast", Disk("boot.img", 500_000), Disk("data.img", 500_000));

        var verified = await ProgramRun.CommandAsync(["ova", "verify", Archive]);

        Assert.Equal(0, verified.ExitCode);
        Assert.Contains("no damage found. 5 members", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_in_a_pipe_is_written_as_lines_to_the_error_stream()
    {
        var created = await CreateAsync("Fast", Disk("boot.img", 4_000_000), Disk("data.img", 100_000));

        Assert.Contains(", Packing boot.img\n", created.Errors, StringComparison.Ordinal);
        Assert.Single(created.Errors.Split('\n'), line => line.StartsWith("100 %, ", StringComparison.Ordinal));
        Assert.InRange(created.Errors.Count(letter => letter == '\n'), 2, 12);
        Assert.DoesNotContain('\r', created.Errors);
        Assert.Matches(@"\A.+/web server\.ova: \d+ bytes, SHA-256 [0-9a-f]{64}\n\z", created.Output);
    }

    [Fact]
    public async Task An_existing_file_is_overwritten_only_with_force()
    {
        var disk = Disk("boot.img", 100_000);
        await CreateAsync("Fast", disk, disk);
        var before = await File.ReadAllBytesAsync(Archive);

        var refused = await CreateAsync("False", disk, disk);
        var forced = await CreateAsync("False", disk, disk, "--force");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--force", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
        Assert.NotEqual(before, await File.ReadAllBytesAsync(Archive));
    }

    [Theory]
    [InlineData(2, "ova", "inspect", "/no/such/file.ova")]
    [InlineData(2, "ova", "create", "--name", "x", "--arch", "x86", "--os", "rhel", "--disk", "/dev/null", "x.ova")]
    [InlineData(2, "ova")]
    [InlineData(2, "frobnicate")]
    [InlineData(1, "ova", "inspect", "/etc/passwd")]
    public async Task An_invalid_command_line_ends_with_2_and_an_invalid_file_with_1(int code, params string[] arguments)
    {
        var run = await ProgramRun.CommandAsync(arguments);

        Assert.Equal(code, run.ExitCode);
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();

    private string Archive => Path.Combine(directory.Path, "web server.ova");

    private Task<ProgramRun> CreateAsync(string compression, string boot, string data, params string[] more)
        => ProgramRun.CommandAsync([
            "ova", "create", "--name", "web server", "--arch", "ppc64le", "--os", "rhel", "--disk", boot, "--data-disk", data, "--compression", compression, .. more, Archive]);

    /// <summary>Half of it noise, half of it zeros.</summary>
    private string Disk(string name, int size)
    {
        var path = Path.Combine(directory.Path, name);
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes.AsSpan(0, size / 2));
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
