using System.Diagnostics;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>OpenStack's own clients against the service on a socket, with the embedded Keystone and with a real one.</summary>
[Collection(nameof(RealKeystone))]
public sealed class ClientTests(RealKeystone keystone)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task OpenStacks_clients_work_with_the_embedded_keystone()
    {
        using var service = new RealPortServiceFixture();
        service.Settings["ImageBackup:Auth:Mode"] = "Embedded";
        service.Settings["ImageBackup:Auth:Users:0:Name"] = "member";
        service.Settings["ImageBackup:Auth:Users:0:Password"] = "member-password";

        await RunAsync($"{service.BaseAddress}/identity/v3");
    }

    [Fact]
    public async Task OpenStacks_clients_work_with_a_real_keystone()
    {
        using var service = new RealPortServiceFixture();
        KeystoneModeTests.Configure(service, keystone.Url);
        service.Settings["ImageBackup:Auth:Keystone:CacheTime"] = "00:00:00";
        await keystone.RegisterAsync("block-storage", "cinder", $"{service.BaseAddress}/v3/%(project_id)s");
        await keystone.RegisterAsync("volumev3", "cinderv3", $"{service.BaseAddress}/v3/%(project_id)s");
        await keystone.RegisterAsync("image", "glance", $"{service.BaseAddress}/image");

        await RunAsync(keystone.Url);
    }

    private static async Task RunAsync(string authUrl)
    {
        Programs.Demand("openstack", "cinder", "glance");
        var start = new ProcessStartInfo("/usr/bin/python3", [Programs.Script("clients.py")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in ((string, string)[])
        [
            ("OS_AUTH_URL", authUrl), ("OS_USERNAME", "member"), ("OS_PASSWORD", "member-password"), ("OS_PROJECT_NAME", "ibm-default"),
            ("OS_USER_DOMAIN_NAME", "Default"), ("OS_PROJECT_DOMAIN_NAME", "Default"), ("OS_IDENTITY_API_VERSION", "3"), ("OS_REGION_NAME", "RegionOne"),
        ])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Assert.True(process.ExitCode == 0, await output + await errors);
        Assert.EndsWith("all steps done\n", await output, StringComparison.Ordinal);
    }
}
