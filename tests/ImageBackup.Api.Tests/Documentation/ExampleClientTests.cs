using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>Runs the clients of <c>docs/examples</c> against the service.</summary>
public sealed class ExampleClientTests
{
    [Theory]
    [InlineData("bash", "export.sh", "demo-aix", "nightly")]
    [InlineData("/usr/bin/python3", "export.py", "demo-aix", "nightly")]
    [InlineData("ansible-playbook", "export.yml", "-e", "image=demo-aix", "-e", "backup=nightly")]
    public async Task An_example_exports_the_demo_image(string program, string file, params string[] arguments)
    {
        Requires.Programs(program switch { "bash" => ["curl", "jq"], "ansible-playbook" => ["ansible-playbook"], _ => ["openstack"] });
        using var directory = new TemporaryDirectory();
        using var service = new RealPortServiceFixture
        {
            Settings =
            {
                ["ImageBackup:Demo:Enabled"] = "true",
                ["ImageBackup:Auth:Mode"] = "Embedded",
                ["ImageBackup:Auth:Users:0:Name"] = "demo",
                ["ImageBackup:Auth:Users:0:Password"] = "secret",
            },
        };

        var run = await ProgramRun.RunAsync(program, [Path.Combine(ProgramRun.Repository, "docs", "examples", file), .. arguments], new Dictionary<string, string>
        {
            ["OS_AUTH_URL"] = $"{service.BaseAddress}/identity/v3",
            ["OS_USERNAME"] = "demo",
            ["OS_PASSWORD"] = "secret",
            ["OS_PROJECT_NAME"] = "ibm-default",

            // Debian's Python is compiled for its own packages, not for those of other installations.
            ["PYTHONPATH"] = "",
            ["HOME"] = directory.Path,
            ["LC_ALL"] = "C.UTF-8",
        });

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("nightly_1.ova uploaded", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Output + run.Errors, StringComparison.Ordinal);
    }
}
