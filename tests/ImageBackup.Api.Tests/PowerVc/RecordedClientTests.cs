using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageBackup.Api.Tests.Identity;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.PowerVc;

/// <summary>
/// The requests of a recorded client of a real PowerVC (ManageIQ's inventory, May 2023), in its order and spelling, then those of clients that create and export an image. The
/// answers have the keys that the recorded ones have.
/// </summary>
public sealed class RecordedClientTests(EmbeddedFixture service) : IClassFixture<EmbeddedFixture>
{
    private const string Project = ServiceFixture.ProjectId;

    /// <summary>A path, the place of the object in the answer, and the keys that a client reads there.</summary>
    private static readonly (string Path, string Place, string[] Keys)[] Inventory =
    [
        ($"/v3/{Project}/types", "volume_types.0", ["id", "name", "extra_specs"]),
        ("/v2.0/images?limit=100", "images.0", ["id", "name", "status", "size", "checksum", "architecture", "endianness", "bdm_v2", "root_device_name", "block_device_mapping", "os_distro", "visibility"]),
        ($"/v3/{Project}/volumes/detail", "volumes.0", ["id", "size", "status", "metadata", "attachments", "volume_type", "bootable", "host", "backend_host", "os-vol-host-attr:host", "health_status"]),
        ($"/v3/{Project}/volumes/detail", "volumes.0.health_status", ["id", "health_value", "updated_at", "value_reason"]),
        ($"/v3/{Project}/snapshots/detail", "", ["snapshots"]),
        ($"/v3/{Project}/os-availability-zone.json", "availabilityZoneInfo.0", ["zoneName", "zoneState"]),
        ($"/v3/{Project}//os-quota-sets/{Project}", "quota_set", ["id", "volumes", "gigabytes", "snapshots", "backups", "backup_gigabytes", "per_volume_gigabytes"]),
        ($"/v3/{Project}/limits", "limits.absolute", ["maxTotalVolumes", "totalVolumesUsed", "maxTotalVolumeGigabytes", "totalGigabytesUsed"]),
        ($"/v3/{Project}/os-services", "services.0", ["binary", "host", "zone", "status", "state", "updated_at"]),
        ($"/v3/{Project}/image-backups", "", ["image-backups"]),
    ];

    [Fact]
    public async Task A_recorded_client_reads_what_it_read_from_a_real_PowerVC()
    {
        using var client = await LogInAsync();
        var imageId = await CreateImageAsync(client);

        foreach (var (path, place, keys) in Inventory)
        {
            using var answer = await client.GetAsync(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path);
            var found = Find(await answer.Content.ReadFromJsonAsync<JsonElement>(), place);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Empty(keys.Except(found.EnumerateObject().Select(property => property.Name)));
        }

        // A client of 2018 names only these three.
        using var export = await client.PostAsJsonAsync(
            $"/v3/{Project}/image-backups/export_image", new Dictionary<string, object> { ["image-backup"] = new { src_image_id = imageId, name = "old", description = "client" } });
        Assert.Equal(HttpStatusCode.Created, export.StatusCode);
    }

    /// <summary>Logs in as the recorded client did, and checks the token and the catalog.</summary>
    private async Task<HttpClient> LogInAsync()
    {
        var client = service.Client;
        using var answer = await client.PostAsJsonAsync("/identity/v3/auth/tokens", EmbeddedFixture.PasswordLogIn("admin"));
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token");

        Assert.Contains(token.GetProperty("is_admin_project").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        var types = token.GetProperty("catalog").EnumerateArray().Select(entry => entry.GetProperty("type").GetString()).ToList();
        Assert.Empty(new[] { "volume", "volumev2", "volumev3", "image", "identity" }.Except(types));
        client.DefaultRequestHeaders.Remove("X-Auth-Token");
        client.DefaultRequestHeaders.Add("X-Auth-Token", answer.Headers.GetValues("X-Subject-Token").Single());
        return client;
    }

    /// <summary>Creates a volume and an image of it, with a mapping that has nulls and a boolean, and puts an empty file.</summary>
    private static async Task<string> CreateImageAsync(HttpClient client)
    {
        using var volume = await client.PostAsJsonAsync($"/v3/{Project}/volumes", new { volume = new { size = 1, name = "boot" } });
        var volumeId = Find(await volume.Content.ReadFromJsonAsync<JsonElement>(), "volume.id").GetString();
        var mapping = new Dictionary<string, object?>
        {
            ["volume_id"] = volumeId,
            ["boot_index"] = 0,
            ["source_type"] = "volume",
            ["destination_type"] = "volume",
            ["device_type"] = "disk",
            ["guest_format"] = null,
            ["no_device"] = null,
            ["image_id"] = null,
            ["disk_bus"] = null,
            ["snapshot_id"] = null,
            ["volume_size"] = 1,
            ["delete_on_termination"] = false,
        };
        using var image = await client.PostAsJsonAsync("/v2/images", new Dictionary<string, object>
        {
            ["name"] = "captured",
            ["architecture"] = "ppc64",
            ["endianness"] = "little-endian",
            ["os_distro"] = "rhel",
            ["disk_format"] = "raw",
            ["container_format"] = "bare",
            ["block_device_mapping"] = JsonSerializer.Serialize(new[] { mapping }),
        });
        var id = Find(await image.Content.ReadFromJsonAsync<JsonElement>(), "id").GetString()!;
        using var empty = new ByteArrayContent([]);
        empty.Headers.ContentType = new("application/octet-stream");
        using var put = await client.PutAsync($"/v2/images/{id}/file", empty);
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        return id;
    }

    private static JsonElement Find(JsonElement element, string place)
        => place.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(element, (found, step) => int.TryParse(step, out var index) ? found[index] : found.GetProperty(step));
}
