using System.Text.Json;
using ImageBackup.Api.Tests.ImageBackups;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.PowerVc;

/// <summary>Volumes as a real PowerVC shows them.</summary>
public sealed class VolumeShapeTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Volumes_of_an_imported_image_say_so()
    {
        var image = await Seeds.ImageAsync("pair", (Content.Random(1000), 0), (Content.Random(2000, 2), -1));
        var exported = await Client.ExportedAsync(image);

        var imported = await Client.ImportedAsync(("image_backup_id", exported.Id));

        var volumes = await Seeds.VolumesOfAsync(imported);
        var (boot, data) = (await ShowAsync(volumes[0].VolumeId), await ShowAsync(volumes[1].VolumeId));
        Assert.Equal($$"""{"is_image_volume":"True","image_id":"{{imported}}","is_boot_volume":"True"}""", boot.GetProperty("metadata").GetRawText());
        Assert.Equal($$"""{"is_image_volume":"True","image_id":"{{imported}}"}""", data.GetProperty("metadata").GetRawText());
        Assert.All((JsonElement[])[boot, data], volume =>
        {
            Assert.Equal("Imported image volume", volume.GetProperty("description").GetString());
            Assert.Equal("false", volume.GetProperty("bootable").GetString());
        });
    }

    [Fact]
    public async Task A_volume_has_a_host_and_a_health()
    {
        var id = await Seeds.VolumeAsync(1);

        var volume = await ShowAsync(id);

        Assert.Equal("imagebackup@files#volumes", volume.GetProperty("os-vol-host-attr:host").GetString());
        Assert.Equal("imagebackup@files#volumes", volume.GetProperty("host").GetString());
        Assert.Equal("imagebackup", volume.GetProperty("backend_host").GetString());
        Assert.Equal(
            $$"""{"id":"{{id}}","health_value":"OK","updated_at":"{{volume.GetProperty("created_at").GetString()}}","value_reason":null}""",
            volume.GetProperty("health_status").GetRawText());
    }

    [Fact]
    public async Task A_volume_that_is_being_restored_is_pending()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1 << 20)));
        var stalled = Service.Stall("restore_*", 0.5);
        var started = await Client.ImportAsync(("image_backup_id", exported.Id));
        await stalled.StruckAsync();

        var volume = (await Client.GetAsync("/volumes/detail?status=restoring-backup")).Body.GetProperty("volumes")[0];

        Assert.Equal("PENDING", volume.GetProperty("health_status").GetProperty("health_value").GetString());
        Assert.Equal("The volume is restoring-backup.", volume.GetProperty("health_status").GetProperty("value_reason").GetString());
        Service.ClearFaults();
        await Client.WaitAsync(started);
    }

    [Fact]
    public async Task A_volume_created_from_an_image_is_bootable()
    {
        var imported = await Client.ImportedAsync(("image_backup_id", (await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1000)))).Id));

        var created = await Client.PostAsync("/volumes", new { volume = new { name = "boot", imageRef = imported } });

        Assert.Equal("true", created.Body.GetProperty("volume").GetProperty("bootable").GetString());
    }

    private async Task<JsonElement> ShowAsync(string id) => (await Client.GetAsync($"/volumes/{id}")).Body.GetProperty("volume");
}
