using System.Net;
using System.Text.Json;
using ImageBackup.Api.Tests.Identity;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.PowerVc;

/// <summary>The services as Cinder shows and changes them.</summary>
public sealed class ServiceListTests : IDisposable
{
    private readonly RealPortServiceFixture service = new() { Settings = { ["ImageBackup:Cluster:Host"] = "node-1" } };

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task The_worker_is_listed_and_filtered()
    {
        var client = new BackupClient(service);

        var worker = (await client.GetAsync("/os-services")).Body.GetProperty("services").EnumerateArray().Single();
        var others = (await client.GetAsync("/os-services?host=elsewhere")).Body.GetProperty("services");
        var volumes = (await client.GetAsync("/os-services?binary=cinder-volume")).Body.GetProperty("services");

        Assert.Equal(("cinder-backup", "node-1", "nova"), (Text(worker, "binary"), Text(worker, "host"), Text(worker, "zone")));
        Assert.Equal(("enabled", "up"), (Text(worker, "status"), Text(worker, "state")));
        Assert.Equal(JsonValueKind.Null, worker.GetProperty("disabled_reason").ValueKind);
        Assert.Equal((0, 0), (others.GetArrayLength(), volumes.GetArrayLength()));
    }

    [Fact]
    public async Task A_worker_is_disabled_with_a_reason_and_enabled()
    {
        var client = new BackupClient(service);

        var disabled = await client.SendAsync(HttpMethod.Put, "/os-services/disable-log-reason", new { binary = "cinder-backup", host = "node-1", disabled_reason = "new disks" });
        var listed = (await client.GetAsync("/os-services")).Body.GetProperty("services").EnumerateArray().Single();
        var enabled = await client.SendAsync(HttpMethod.Put, "/os-services/enable", new { binary = "cinder-backup", host = "node-1" });

        Assert.Equal("""{"host":"node-1","service":"cinder-backup","binary":"cinder-backup","disabled":true,"status":"disabled","disabled_reason":"new disks"}""", disabled.Text);
        Assert.Equal(("disabled", "new disks"), (Text(listed, "status"), Text(listed, "disabled_reason")));
        Assert.Equal("""{"host":"node-1","service":"cinder-backup","binary":"cinder-backup","disabled":false,"status":"enabled"}""", enabled.Text);
    }

    [Fact]
    public async Task An_unknown_service_is_a_404_that_names_it()
    {
        var answer = await new BackupClient(service).SendAsync(HttpMethod.Put, "/os-services/disable", new { binary = "cinder-backup", host = "elsewhere" });

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("Service cinder-backup could not be found on host elsewhere.", answer.Message);
    }

    [Fact]
    public async Task OpenStacks_client_lists_disables_and_enables_the_worker()
    {
        service.Settings["ImageBackup:Auth:Mode"] = "Embedded";
        service.Settings["ImageBackup:Auth:Users:0:Name"] = "member";
        service.Settings["ImageBackup:Auth:Users:0:Password"] = RealKeystone.PasswordOf("member");
        service.Settings["ImageBackup:Auth:Users:0:Roles:0"] = "admin";

        await OpenStackAsync("volume", "service", "set", "--disable", "--disable-reason", "new disks", "node-1", "cinder-backup");
        var disabled = await OpenStackAsync("volume", "service", "list", "--long", "-f", "json");
        await OpenStackAsync("volume", "service", "set", "--enable", "node-1", "cinder-backup");
        var enabled = await OpenStackAsync("volume", "service", "list", "-f", "json");

        Assert.Equal(("disabled", "new disks"), (Text(disabled[0], "Status"), Text(disabled[0], "Disabled Reason")));
        Assert.Equal(("cinder-backup", "node-1", "enabled", "up"), (Text(enabled[0], "Binary"), Text(enabled[0], "Host"), Text(enabled[0], "Status"), Text(enabled[0], "State")));
    }

    private async Task<JsonElement> OpenStackAsync(params string[] arguments)
    {
        var run = await ProgramRun.RunAsync("openstack", arguments, new Dictionary<string, string>
        {
            ["OS_AUTH_URL"] = $"{service.BaseAddress}/identity/v3",
            ["OS_USERNAME"] = "member",
            ["OS_PASSWORD"] = RealKeystone.PasswordOf("member"),
            ["OS_PROJECT_NAME"] = "ibm-default",
            ["OS_USER_DOMAIN_NAME"] = "Default",
            ["OS_PROJECT_DOMAIN_NAME"] = "Default",
            ["OS_IDENTITY_API_VERSION"] = "3",
            ["OS_REGION_NAME"] = "RegionOne",
        });
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return run.Output.Length == 0 ? default : JsonElement.Parse(run.Output);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
