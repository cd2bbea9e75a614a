using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>The version in <c>Directory.Build.props</c> is the only one.</summary>
public sealed class VersionTests
{
    private static readonly string Version = XDocument.Load(Path.Combine(ProgramRun.Repository, "Directory.Build.props")).Descendants("Version").Single().Value;

    [Fact]
    public async Task The_command_line_shows_the_version()
    {
        var run = await ProgramRun.CommandAsync(["--version"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Version, run.Output.Trim());
    }

    [Fact]
    public async Task The_service_shows_the_version_in_its_readiness_its_metrics_and_its_log()
    {
        using var directory = new TemporaryDirectory();
        var data = Path.Combine(directory.Path, "data");
        using var service = await ServiceProcess.StartAsync(data);

        using var ready = JsonDocument.Parse(await service.Client.GetStringAsync(new Uri("/healthcheck/ready", UriKind.Relative)));
        var metrics = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(Version, ready.RootElement.GetProperty("version").GetString());
        Assert.Matches($$"""imagebackup_build_info\{[^}]*version="{{Regex.Escape(Version)}}"[^}]*\} 1""", metrics);
        var page = $"{service.Client.BaseAddress}ui/";
        await Polling.UntilAsync("the line that says that the service is ready", () => Task.FromResult(
            service.Log.Contains($"ImageBackup {Version} is ready. Data directory: {data}. Web page: {page}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_changelog_describes_the_version_and_what_follows_it()
    {
        var changelog = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "docs", "changelog.md"));

        Assert.Contains("\n## Unreleased\n", changelog, StringComparison.Ordinal);
        Assert.Contains($"\n## {Version}\n", changelog, StringComparison.Ordinal);
    }
}
