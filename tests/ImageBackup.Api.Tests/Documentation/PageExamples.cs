using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>Runs the examples of a documentation page. Their <c>imagebackup</c> is the program of this build.</summary>
internal sealed partial class PageExamples : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The directory in which the commands run; by default a temporary one.</summary>
    public string? Directory { get; init; }

    /// <summary>Fails if a command fails or its output is not the page's.</summary>
    /// <param name="page">The page's path in the repository.</param>
    /// <param name="url">The address that replaces the service's address on the page.</param>
    /// <param name="replacements">Other texts of the page, and what replaces them.</param>
    public async Task RunAsync(string page, string url, params (string Page, string Actual)[] replacements)
    {
        var commands = ShellBlock().Matches(await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, page)));
        Requires.Command("bash", [.. commands.Select(block => block.Value)]);
        await WriteProgramAsync();

        var run = await ProgramRun.RunAsync(
            "python3",
            [
                Path.Combine(ProgramRun.Repository, "tests", "docs", "run_examples.py"), Path.Combine(ProgramRun.Repository, page), "--url", url,
                "--directory", Directory ?? _directory.Path,
                .. replacements.SelectMany(pair => (string[])["--replace", $"{pair.Page}={pair.Actual}"]),
            ],
            new Dictionary<string, string> { ["PATH"] = $"{_directory.Path}:{Environment.GetEnvironmentVariable("PATH")}", ["TMPDIR"] = _directory.Path },
            Longest);

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
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
