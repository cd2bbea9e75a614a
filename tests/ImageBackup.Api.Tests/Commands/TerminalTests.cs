using System.Text.RegularExpressions;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.Commands;

/// <summary>The program in a pseudo terminal: its bar, and its question after Ctrl-C.</summary>
public sealed partial class TerminalTests(TerminalTests.Service service) : IClassFixture<TerminalTests.Service>
{
    private const string CtrlC = @"\x03";
    private const string Question = "[c]ontinue: ";

    [Fact]
    public async Task A_command_on_files_draws_one_bar_over_all_its_steps_and_ends_with_a_summary()
    {
        using var directory = new TemporaryDirectory();
        var disk = Path.Combine(directory.Path, "disk.img");
        await File.WriteAllBytesAsync(disk, Content.WithHoles(4 << 20, 3 << 20), TestContext.Current.CancellationToken);

        var run = await InTerminalAsync([], "ova", "create", "--name", "x", "--arch", "ppc64le", "--os", "rhel", "--disk", disk, "--data-disk", disk, Path.Combine(directory.Path, "x.ova"));

        Assert.True(run.ExitCode == 0, run.Output);
        var shown = Drawing().Matches(run.Output).Select(drawing => int.Parse(drawing.Groups["percent"].Value)).ToList();
        Assert.True(shown is [.., 100], run.Output);
        Assert.Equal(shown.Order(), shown);
        Assert.DoesNotContain('\n', run.Output[..run.Output.IndexOf("100 %", StringComparison.Ordinal)]);
        Assert.Matches(@"100 %, [^\n]*\r\n[^\n]*x\.ova: \d+ bytes, SHA-256 [0-9a-f]{64}\r\n8\.0 MiB of disks, \d\.\d MiB stored, ratio \d\.\d\d, \d+\.\d s\r\n\z", run.Output);
        Assert.All(run.Output.Split('\r', '\n').Where(line => line.StartsWith('[')), line => Assert.InRange(line.Replace("\e[K", "", StringComparison.Ordinal).Length, 1, 99));
    }

    [Fact]
    public async Task Quiet_draws_nothing()
    {
        using var directory = new TemporaryDirectory();
        var disk = Path.Combine(directory.Path, "disk.img");
        await File.WriteAllBytesAsync(disk, Content.WithHoles(4 << 20, 3 << 20), TestContext.Current.CancellationToken);

        var run = await InTerminalAsync([], "disk", "convert", disk, Path.Combine(directory.Path, "disk.qcow2"), "--format", "qcow2", "--quiet");

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_disk_is_not_written_to_a_terminal()
    {
        var run = await InTerminalAsync([], "disk", "convert", "/etc/hostname", "-", "--format", "raw");

        Assert.Equal(2, run.ExitCode);
        Assert.EndsWith("Standard output is a terminal. Redirect it to a file or a pipe.\r\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_and_yes_stops_the_operation()
    {
        service.Stall("backup_vol_*", 0);

        var run = await InTerminalAsync(["backup_vol_", CtrlC, Question, @"y\n"], "export", "--image", "golden", "--name", "stopped", "--no-upload", "--follow");

        Assert.True(run.ExitCode == 130, run.Output);
        Assert.Contains("The operation stops and reverts its tasks.", run.Output, StringComparison.Ordinal);
        await Polling.UntilAsync("the stop", async () => await StatusAsync("stopped") == "error");
    }

    [Fact]
    public async Task Ctrl_C_and_no_ends_only_the_command()
    {
        service.Stall("backup_vol_*", 0);

        var run = await InTerminalAsync(["backup_vol_", CtrlC, Question, @"n\n"], "export", "--image", "golden", "--name", "left", "--no-upload", "--follow");

        Assert.True(run.ExitCode == 130, run.Output);
        Assert.Matches(@"The operation continues\. Follow it with: imagebackup progress \d+\r\n\z", run.Output);
        Assert.Equal("creating_backup", await StatusAsync("left"));
        service.ClearFaults();
        await Polling.UntilAsync("the export", async () => await StatusAsync("left") == "available");
    }

    [Fact]
    public async Task Ctrl_C_and_continue_follows_on_and_a_second_one_ends_the_command()
    {
        service.Stall("backup_vol_*", 0);

        var run = await InTerminalAsync(["backup_vol_", CtrlC, Question, @"c\n", "backup_vol_", CtrlC], "export", "--image", "golden", "--name", "followed", "--no-upload", "--follow");

        Assert.True(run.ExitCode == 130, run.Output);
        Assert.DoesNotContain("The operation", run.Output, StringComparison.Ordinal);
        Assert.Equal("creating_backup", await StatusAsync("followed"));
        service.ClearFaults();
        await Polling.UntilAsync("the export", async () => await StatusAsync("followed") == "available");
    }

    private Task<ProgramRun> InTerminalAsync(string[] script, params string[] arguments) => ProgramRun.RunAsync(
        "python3",
        [Path.Combine(AppContext.BaseDirectory, "scripts", "terminal.py"), .. script, "--", "dotnet", Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll"), .. arguments],
        new Dictionary<string, string> { ["IMAGEBACKUP_URL"] = service.BaseAddress, ["TERM"] = "xterm" });

    private async Task<string> StatusAsync(string name)
    {
        using var client = new ImageBackup.Client.ImageBackupClient(new ImageBackup.Client.CloudSettings { Endpoint = service.BaseAddress });
        return (await client.FindBackupAsync(name, CancellationToken.None)).Status;
    }

    [GeneratedRegex(@"\r\[[#.]{30}\] (?<percent>\d+) %")]
    private static partial Regex Drawing();

    /// <summary>A service with an image.</summary>
    public sealed class Service : RealPortServiceFixture, IAsyncLifetime
    {
        public async ValueTask InitializeAsync()
        {
            Settings["ImageBackup:Emulator:Enabled"] = "true";
            var seed = await Client.CallAsync(HttpMethod.Post, "/emulator/seed", "images: [{name: golden, volumes: [{size: 1MiB, content: random, data: 64KiB}]}]", "application/yaml");
            Assert.Equal(System.Net.HttpStatusCode.Created, seed.Status);
            _ = Services.GetRequiredService<Core.Flows.FaultInjector>();
        }

        public ValueTask DisposeAsync()
        {
            this.ClearFaults();
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
