using ImageBackup.Api.Tests.Documentation;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>The commands of docs/identity.md as they stand: each way to log in, TLS, a proxy. The page starts the service itself.</summary>
[Collection(nameof(RealKeystone))]
public sealed class IdentityPageTests(RealKeystone keystone)
{
    [Fact]
    public async Task What_the_page_tells_to_do_works()
    {
        Requires.Programs("openstack", "openssl", "nginx", "curl");
        await keystone.StartAsync();
        await keystone.RemoveServicesAsync();
        var ports = FreePorts.Take(3);
        using var walk = new PageWalk();

        await walk.RunAsync(
            "docs/identity.md",
            $"http://127.0.0.1:{ports[0]}",
            ("127.0.0.1:9443", $"127.0.0.1:{ports[1]}"),
            ("127.0.0.1:8443", $"127.0.0.1:{ports[2]}"),
            ("https://powervc.example:5000/v3", keystone.Url),
            ("the administrator", RealKeystone.AdminPassword));
    }
}
