using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The pages' commands are run as they stand, and their answers compared with the pages'.</summary>
public sealed class WalkTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/api.md")]
    public async Task What_the_page_shows_is_what_one_gets(string page)
    {
        using var service = new RealPortServiceFixture { Settings = { ["ImageBackup:Demo:Enabled"] = "true" } };
        var script = Path.Combine(ProgramRun.Repository, "tests", "docs", "walk.py");

        var walk = await ProgramRun.RunAsync("python3", [script, Path.Combine(ProgramRun.Repository, page), "--url", service.BaseAddress]);

        Assert.True(walk.ExitCode == 0, walk.Output + walk.Errors);
    }
}
