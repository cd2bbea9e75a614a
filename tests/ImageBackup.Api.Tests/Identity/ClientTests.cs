using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>OpenStack's clients against the service, with the embedded Keystone and with a real one.</summary>
[Collection(nameof(RealKeystone))]
public sealed class ClientTests(RealKeystone keystone)
{
    [Fact]
    public async Task OpenStacks_clients_work_with_the_embedded_keystone()
    {
        using var service = Embedded();

        await RunAsync("embedded", $"{service.BaseAddress}/identity/v3", "stranger", "other");
    }

    [Fact]
    public async Task Keystoneauth_logs_in_again_when_a_token_of_the_embedded_keystone_has_expired()
    {
        using var service = Embedded();
        service.Settings["ImageBackup:Auth:TokenLifetime"] = "00:00:05";

        await RunAsync("expiry", $"{service.BaseAddress}/identity/v3", "stranger", "other");
    }

    [Fact]
    public async Task OpenStacks_clients_work_with_a_real_keystone()
    {
        await keystone.StartAsync();
        using var service = new RealPortServiceFixture();
        KeystoneModeTests.Configure(service, keystone.Url);
        service.Settings["ImageBackup:Auth:Keystone:CacheTime"] = "00:00:00";
        await keystone.RemoveServicesAsync();
        await keystone.RegisterAsync("block-storage", "cinder", $"{service.BaseAddress}/v3/%(project_id)s");
        await keystone.RegisterAsync("volumev3", "cinderv3", $"{service.BaseAddress}/v3/%(project_id)s");
        await keystone.RegisterAsync("image", "glance", $"{service.BaseAddress}/image");

        await RunAsync("keystone", keystone.Url, "admin", "admin");
    }

    private static RealPortServiceFixture Embedded()
    {
        var service = new RealPortServiceFixture { Settings = { ["ImageBackup:Auth:Mode"] = "Embedded" } };
        foreach (var (index, name, project) in ((int, string, string)[])[(0, "member", "ibm-default"), (1, "stranger", "other")])
        {
            service.Settings[$"ImageBackup:Auth:Users:{index}:Name"] = name;
            service.Settings[$"ImageBackup:Auth:Users:{index}:Password"] = RealKeystone.PasswordOf(name);
            service.Settings[$"ImageBackup:Auth:Users:{index}:Projects:0"] = project;
        }

        return service;
    }

    private static async Task RunAsync(string steps, string authUrl, string otherUser, string otherProject)
    {
        Requires.Programs("openstack", "cinder", "glance");

        // Only Debian's Python has the OpenStack clients.
        var run = await ProgramRun.RunAsync("/usr/bin/python3", [ClientScripts.Find("clients.py"), steps], new Dictionary<string, string>
        {
            ["OS_AUTH_URL"] = authUrl,
            ["OS_USERNAME"] = "member",
            ["OS_PASSWORD"] = RealKeystone.PasswordOf("member"),
            ["OS_PROJECT_NAME"] = "ibm-default",
            ["OS_USER_DOMAIN_NAME"] = "Default",
            ["OS_PROJECT_DOMAIN_NAME"] = "Default",
            ["OS_IDENTITY_API_VERSION"] = "3",
            ["OS_REGION_NAME"] = "RegionOne",
            ["OTHER_USERNAME"] = otherUser,
            ["OTHER_PASSWORD"] = RealKeystone.PasswordOf(otherUser),
            ["OTHER_PROJECT_NAME"] = otherProject,
        });

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.EndsWith("all steps done\n", run.Output, StringComparison.Ordinal);
    }
}
