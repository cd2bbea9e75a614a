using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Crashes;

/// <summary>How often an operation waits for the disk. strace counts the flushes of the real process.</summary>
public sealed class FlushTests : IDisposable
{
    private const int MostFlushes = 10;
    private const string DemoImage = "9c219888-1ab0-429e-9282-7cbc6957c839";

    private readonly TemporaryDirectory directory = new();

    [Fact]
    public async Task An_export_of_a_small_image_flushes_at_most_ten_times()
    {
        Requires.Programs("strace");
        var trace = Path.Combine(directory.Path, "trace");
        using var service = await StartAsync(trace);

        // The first export also creates files that stay.
        var client = new BackupClient(service);
        await client.ExportedAsync(DemoImage);
        var before = Flushes(trace).Count;
        await client.ExportedAsync(DemoImage);

        Assert.InRange(Flushes(trace).Count - before, 1, MostFlushes);
    }

    [Fact]
    public async Task An_accepted_operation_is_on_the_disk_before_the_answer()
    {
        Requires.Programs("strace");
        var trace = Path.Combine(directory.Path, "trace");
        using var service = await StartAsync(trace);
        await service.AddFaultAsync(new { task = "temp_vol_*", at = 0, action = "stall" });
        var before = Flushes(trace).Count(flush => flush.Contains("-wal", StringComparison.Ordinal));

        await new BackupClient(service).ExportAsync(DemoImage);

        Assert.True(Flushes(trace).Count(flush => flush.Contains("-wal", StringComparison.Ordinal)) > before);
    }

    /// <summary>The kernel reports an error of writing back to the first call that waits for it, and to no later flush of the same handle.</summary>
    [Fact]
    public async Task A_disk_that_loses_a_range_fails_the_archive()
    {
        Requires.Programs("strace");
        var (disk, archive) = (Path.Combine(directory.Path, "disk.raw"), Path.Combine(directory.Path, "lost.ova"));
        await File.WriteAllBytesAsync(disk, Content.Random(48 << 20));
        string[] create = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll"), "ova", "create", archive, "--name", "lost", "--arch", "ppc64le", "--os", "rhel", "--disk", disk, "--compression", "False"];

        var run = await ProgramRun.RunAsync("strace", ["-f", "-qq", "-o", "/dev/null", "-e", "trace=sync_file_range", "-e", "inject=sync_file_range:error=EIO", .. create]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("sync_file_range", run.Errors, StringComparison.Ordinal);
        Assert.Equal([disk], Directory.GetFiles(directory.Path));
    }

    public void Dispose() => directory.Dispose();

    /// <summary>Starts the service with strace beside it, so that the end of the service is also the end of strace (-D).</summary>
    private Task<ServiceProcess> StartAsync(string trace)
        => ServiceProcess.StartAsync(Path.Combine(directory.Path, "data"), null, "strace", "-D", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace);

    /// <summary>Returns the traced calls, without the second lines of calls that another thread interrupted.</summary>
    private static List<string> Flushes(string trace)
    {
        using var reader = new StreamReader(new FileStream(trace, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Contains("sync(", StringComparison.Ordinal))];
    }
}
