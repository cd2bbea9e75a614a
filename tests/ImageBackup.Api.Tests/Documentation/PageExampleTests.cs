using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>Runs the examples of the documentation and compares their output with the pages.</summary>
public sealed class PageExampleTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/api.md")]
    [InlineData("docs/command-line.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/emulator.md", "ImageBackup:Emulator:Enabled")]
    [InlineData("docs/ova-format.md")]
    public async Task Examples_of_the_page_give_the_output_it_shows(string page, params string[] switches)
    {
        using var service = new RealPortServiceFixture { Settings = { ["ImageBackup:Demo:Enabled"] = "true" } };
        Array.ForEach(switches, name => service.Settings[name] = "true");
        using var examples = new PageExamples { Directory = Path.GetDirectoryName(service.DataDirectory)! };

        await examples.RunAsync(page, service.BaseAddress, ("127.0.0.1:9001", $"127.0.0.1:{FreePorts.Take(1)[0]}"));
    }
}
