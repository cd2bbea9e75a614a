using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The unit file on the installation page.</summary>
public sealed partial class InstallationPageTests
{
    [Fact]
    public async Task The_unit_file_is_valid()
    {
        Requires.Programs("systemd-analyze");
        using var directory = new TemporaryDirectory();
        var page = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "docs", "installation.md"));
        var unit = Path.Combine(directory.Path, "imagebackup.service");

        // The check wants a program that exists.
        await File.WriteAllTextAsync(unit, Unit().Match(page).Groups["unit"].Value.Replace("/opt/imagebackup/ImageBackup.Api", "/bin/true", StringComparison.Ordinal));
        var run = await ProgramRun.RunAsync("systemd-analyze", ["verify", "--man=no", unit]);

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain(unit, run.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex("```ini\n(?<unit>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Unit();
}
