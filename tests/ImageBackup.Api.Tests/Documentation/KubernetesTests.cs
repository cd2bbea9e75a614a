using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The files for Kubernetes fit the schemas of its API.</summary>
public sealed class KubernetesTests
{
    private static readonly string Checker = Path.Combine(ProgramRun.Repository, "tests", "kubernetes");
    private static readonly string[] Manifests = Directory.GetFiles(Path.Combine(ProgramRun.Repository, "docs", "kubernetes"), "*.yaml");

    [Fact]
    public async Task The_manifests_are_valid()
    {
        var run = await CheckAsync(Manifests);

        Assert.Equal((0, "9 manifests are valid.\n", ""), (run.ExitCode, run.Output, run.Errors));
    }

    [Theory]
    [InlineData("readinessProbe:", "readynessProbe:", "does not exist in type 'IContainer'")]
    [InlineData("periodSeconds: 2", "periodSeconds: two", "periodSeconds must be integer")]
    [InlineData("apiVersion: apps/v1", "apiVersion: apps/v9", "is no kind of Kubernetes")]
    public async Task A_mistake_is_reported(string right, string wrong, string expected)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "api.yaml");
        var text = await File.ReadAllTextAsync(Manifests.Single(manifest => Path.GetFileName(manifest) == "api.yaml"));
        await File.WriteAllTextAsync(file, text.Replace(right, wrong, StringComparison.Ordinal));

        var run = await CheckAsync(file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> CheckAsync(params string[] manifests)
    {
        Requires.NodeModule(Path.Combine(Checker, "node_modules", "typescript", "package.json"), "tests/kubernetes");
        return ProgramRun.RunAsync("node", [Path.Combine(Checker, "check.mjs"), .. manifests]);
    }
}
