using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The README's terminal picture shows what the program prints.</summary>
public sealed class RecordingTests
{
    [Fact]
    public async Task The_terminal_picture_shows_the_words_of_the_program()
    {
        using var service = new RealPortServiceFixture { Settings = { ["ImageBackup:Demo:Enabled"] = "true" } };
        using var programs = new TemporaryDirectory();
        var program = Path.Combine(programs.Path, "imagebackup");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll")}' \"$@\"\n");
        await Tool.RunAsync("chmod", "+x", program);

        var run = await ProgramRun.RunAsync(
            "python3",
            [Path.Combine(ProgramRun.Repository, "tests", "docs", "record_terminal.py"), service.DataDirectory, "--check"],
            new Dictionary<string, string>
            {
                ["IMAGEBACKUP_URL"] = service.BaseAddress,
                ["PATH"] = $"{programs.Path}:{Environment.GetEnvironmentVariable("PATH")}",
                ["TERM"] = "xterm",
            });

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
    }
}
