using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The gate runs every test, so it installs everything that a test can need.</summary>
public sealed class GateTests
{
    [Fact]
    public async Task The_gate_installs_every_package_that_a_skipped_test_names()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, ".ci", "run"));
        var packages = script[script.IndexOf("packages=\"", StringComparison.Ordinal)..].Split('"')[1].Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

        Assert.Empty(Requires.Packages.Values.SelectMany(names => names.Split(' ')).Except(packages));
    }
}
