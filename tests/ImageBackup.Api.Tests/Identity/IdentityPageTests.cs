using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>The commands of docs/identity.md as they stand: each way to log in, TLS, a proxy. The page starts the service itself.</summary>
[Collection(nameof(RealKeystone))]
public sealed class IdentityPageTests(RealKeystone keystone) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_the_page_tells_to_do_works()
    {
        Programs.Demand("openstack", "openssl", "nginx", "curl");
        await keystone.RemoveServicesAsync();
        var ports = FreePorts.Take(3);
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{_directory.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            ["TMPDIR"] = _directory.Path,
        };
        await WriteProgramAsync();

        var walk = await ProgramRun.RunAsync(
            "python3",
            [
                Path.Combine(ProgramRun.Repository, "tests", "docs", "walk.py"), Path.Combine(ProgramRun.Repository, "docs", "identity.md"),
                "--url", $"http://127.0.0.1:{ports[0]}",
                "--replace", $"127.0.0.1:9443=127.0.0.1:{ports[1]}",
                "--replace", $"127.0.0.1:8443=127.0.0.1:{ports[2]}",
                "--replace", $"https://powervc.example:5000/v3={keystone.Url}",
                "--replace", $"the administrator={RealKeystone.AdminPassword}",
            ],
            environment,
            Longest);

        Assert.True(walk.ExitCode == 0, walk.Output + walk.Errors);
    }

    // The page's word for the program.
    private async Task WriteProgramAsync()
    {
        var path = Path.Combine(_directory.Path, "imagebackup");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll")} \"$@\"\n");
        await Tool.RunAsync("chmod", "+x", path);
    }
}
