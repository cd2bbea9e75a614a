using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>Runs the commands of a page as they stand, with this build of the program under the pages' word for it.</summary>
internal sealed partial class PageWalk : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);
    private readonly TemporaryDirectory _directory = new();

    /// <summary>Where the commands run; a directory of their own where none is named.</summary>
    public string? Directory { get; init; }

    /// <summary>Fails where a command does, or where its answer is not the page's.</summary>
    /// <param name="page">Its path in the repository.</param>
    /// <param name="url">What stands for the service's address on the page.</param>
    /// <param name="standsFor">What stands for other texts of the page.</param>
    public async Task RunAsync(string page, string url, params (string Page, string Actual)[] standsFor)
    {
        var commands = ShellBlock().Matches(await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, page)));
        Requires.Command("bash", [.. commands.Select(block => block.Value)]);
        await WriteProgramAsync();

        var walk = await ProgramRun.RunAsync(
            "python3",
            [
                Path.Combine(ProgramRun.Repository, "tests", "docs", "walk.py"), Path.Combine(ProgramRun.Repository, page), "--url", url,
                "--directory", Directory ?? _directory.Path,
                .. standsFor.SelectMany(pair => (string[])["--replace", $"{pair.Page}={pair.Actual}"]),
            ],
            new Dictionary<string, string> { ["PATH"] = $"{_directory.Path}:{Environment.GetEnvironmentVariable("PATH")}", ["TMPDIR"] = _directory.Path },
            Longest);

        Assert.True(walk.ExitCode == 0, walk.Output + walk.Errors);
    }

    public void Dispose() => _directory.Dispose();

    [GeneratedRegex("(?<=^```sh\n).*?(?=^```)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    private async Task WriteProgramAsync()
    {
        var path = Path.Combine(_directory.Path, "imagebackup");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll")} \"$@\"\n");
        await Tool.RunAsync("chmod", "+x", path);
    }
}
