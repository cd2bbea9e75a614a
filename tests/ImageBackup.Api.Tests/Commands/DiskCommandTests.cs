using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Commands;

/// <summary>The program, as a shell runs it, on disk images; qemu-img is the judge.</summary>
public sealed class DiskCommandTests : IDisposable
{
    private const int DiskSize = 5 << 20;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("raw", "qcow2")]
    [InlineData("raw", "vmdk")]
    [InlineData("qcow2", "raw")]
    [InlineData("vmdk", "qcow2")]
    [InlineData("vhdx", "vmdk")]
    public async Task A_converted_disk_passes_check_and_is_the_same_disk(string from, string to)
    {
        var source = await DiskAsync(from);

        var converted = await ConvertAsync(source, Path("converted"), to);

        Assert.True(converted.ExitCode == 0, converted.Errors);
        await IsAsync(to, source, from);
    }

    [Theory]
    [InlineData("gzip", "raw", "qcow2")]
    [InlineData("xz", "raw", "raw")]
    [InlineData("zstd", "qcow2", "vmdk")]
    public async Task A_compressed_disk_is_unpacked_and_leaves_no_scratch_file(string program, string from, string to)
    {
        var source = await DiskAsync(from);
        await Tool.RunAsync("sh", "-c", $"{program} -c '{source}' > '{Path("packed")}'");

        var converted = await ConvertAsync(Path("packed"), Path("converted"), to);

        Assert.True(converted.ExitCode == 0, converted.Errors);
        await IsAsync(to, source, from);
        Assert.Equal(new[] { Path("converted"), Path("disk.raw"), source, Path("packed") }.ToHashSet(), Directory.EnumerateFileSystemEntries(directory.Path).ToHashSet());
    }

    [Fact]
    public async Task Force_raw_converts_the_bytes_of_the_file()
    {
        var source = await DiskAsync("qcow2");

        var converted = await ConvertAsync(source, Path("converted"), "raw", "--force-raw");

        Assert.True(converted.ExitCode == 0, converted.Errors);
        Assert.Equal(await File.ReadAllBytesAsync(source, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path("converted"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_damaged_disk_leaves_no_file()
    {
        var source = await DiskAsync("raw");
        await Tool.RunAsync("sh", "-c", $"gzip -c '{source}' | head -c 1000000 > '{Path("damaged.gz")}'");

        var converted = await ConvertAsync(Path("damaged.gz"), Path("converted"), "qcow2");

        Assert.Equal(1, converted.ExitCode);
        Assert.Contains("The gzip file is damaged", converted.Errors, StringComparison.Ordinal);
        Assert.Equal(["damaged.gz", "disk.raw"], Directory.EnumerateFileSystemEntries(directory.Path).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_exists_is_overwritten_only_by_force()
    {
        var source = await DiskAsync("raw");
        await File.WriteAllTextAsync(Path("converted"), "precious", TestContext.Current.CancellationToken);

        var refused = await ConvertAsync(source, Path("converted"), "raw");
        var kept = await File.ReadAllTextAsync(Path("converted"), TestContext.Current.CancellationToken);
        var forced = await ConvertAsync(source, Path("converted"), "raw", "--force");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("exists. Use --force to overwrite it.", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("precious", kept);
        Assert.True(forced.ExitCode == 0, forced.Errors);
        await IsAsync("raw", source, "raw");
    }

    [Theory]
    [InlineData("qcow2", "qcow2", null)]
    [InlineData("vmdk", "VMDK", null)]
    [InlineData("raw", "raw", "gzip")]
    public async Task Info_describes_the_disk(string format, string name, string? compression)
    {
        var disk = await DiskAsync(format);
        if (compression is not null)
        {
            await Tool.RunAsync(compression, disk);
            disk += ".gz";
        }

        var info = await ProgramRun.CommandAsync(["disk", "info", "--json", disk]);

        Assert.True(info.ExitCode == 0, info.Errors);
        using var json = JsonDocument.Parse(info.Output);
        Assert.Equal(name, json.RootElement.GetProperty("format").GetString());
        Assert.Equal(compression, json.RootElement.GetProperty("compression").GetString());
        Assert.Equal(compression is null ? DiskSize : null, json.RootElement.GetProperty("disk_size").Deserialize<long?>());
        Assert.Equal(new FileInfo(disk).Length, json.RootElement.GetProperty("file_size").GetInt64());
    }

    [Fact]
    public async Task A_file_that_is_no_disk_is_refused_by_its_format()
    {
        var disk = await DiskAsync("raw");
        await Tool.RunAsync("sh", "-c", $"bzip2 -c '{disk}' > '{Path("disk.bz2")}'");

        var info = await ProgramRun.CommandAsync(["disk", "info", Path("disk.bz2")]);

        Assert.Equal(1, info.ExitCode);
        Assert.Equal($"{Path("disk.bz2")}: The file is bzip2, which is not read as a disk.", info.Errors.Trim());
    }

    private string Path(string name) => System.IO.Path.Combine(directory.Path, name);

    /// <summary>A disk with data and holes.</summary>
    private async Task<string> DiskAsync(string format)
    {
        await File.WriteAllBytesAsync(Path("disk.raw"), Content.WithHoles(DiskSize, 300 << 10), TestContext.Current.CancellationToken);
        if (format != "raw")
        {
            await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", format, Path("disk.raw"), Path($"disk.{format}"));
        }

        return Path($"disk.{format}");
    }

    private static Task<ProgramRun> ConvertAsync(string source, string target, string format, params string[] more)
        => ProgramRun.CommandAsync(["disk", "convert", source, target, "--format", format, .. more]);

    /// <summary>Compares the converted disk with its source, and checks its structure.</summary>
    private async Task IsAsync(string format, string source, string sourceFormat)
    {
        await Tool.RunAsync("qemu-img", "compare", "-f", format, "-F", sourceFormat, Path("converted"), source);
        if (format != "raw")
        {
            await Tool.RunAsync("qemu-img", "check", "-f", format, Path("converted"));
        }
    }
}
