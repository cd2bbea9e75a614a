using ImageBackup.Api.Tests.Documentation;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>Runs the examples of docs/identity.md: each way to log in, TLS, a proxy. The page starts the service itself.</summary>
[Collection(nameof(RealKeystone))]
public sealed class IdentityPageTests(RealKeystone keystone)
{
    [Fact]
    public async Task Examples_of_the_identity_page_give_the_output_it_shows()
    {
        Requires.Programs("openstack", "openssl", "nginx", "curl");
        await keystone.StartAsync();
        await keystone.RemoveServicesAsync();
        var ports = FreePorts.Take(3);
        using var examples = new PageExamples();

        await examples.RunAsync(
            "docs/identity.md",
            $"http://127.0.0.1:{ports[0]}",
            ("127.0.0.1:9443", $"127.0.0.1:{ports[1]}"),
            ("127.0.0.1:8443", $"127.0.0.1:{ports[2]}"),
            ("https://powervc.example:5000/v3", keystone.Url),
            ("the administrator", RealKeystone.AdminPassword));
    }
}
