using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The pages' commands are run as they stand, and their answers compared with the pages'.</summary>
public sealed class WalkTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/api.md")]
    [InlineData("docs/operations.md", "ImageBackup:Emulator:Enabled")]
    [InlineData("docs/ova-format.md")]
    public async Task What_the_page_shows_is_what_one_gets(string page, params string[] switches)
    {
        using var service = new RealPortServiceFixture { Settings = { ["ImageBackup:Demo:Enabled"] = "true" } };
        Array.ForEach(switches, name => service.Settings[name] = "true");
        using var walk = new PageWalk { Directory = Path.GetDirectoryName(service.DataDirectory)! };

        await walk.RunAsync(page, service.BaseAddress, ("127.0.0.1:9001", $"127.0.0.1:{FreePorts.Take(1)[0]}"));
    }
}
