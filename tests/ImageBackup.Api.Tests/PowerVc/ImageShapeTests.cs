using System.Net;
using System.Text.Json;
using ImageBackup.Api.Tests.ImageBackups;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.PowerVc;

/// <summary>Images as a real PowerVC shows them, and as its clients create them.</summary>
public sealed class ImageShapeTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private const string EmptyMd5 = "d41d8cd98f00b204e9800998ecf8427e";

    /// <summary>The properties of a snapshot, and one value for each.</summary>
    private static readonly Dictionary<string, object> Snapshot = new()
    {
        ["base_image_ref"] = "",
        ["boot_roles"] = "admin",
        ["endianness"] = "little-endian",
        ["hypervisor_type"] = "phyp",
        ["image_location"] = "snapshot",
        ["image_state"] = "available",
        ["image_type"] = "snapshot",
        ["instance_uuid"] = "7c0f4a38-2f9e-4a6c-8d5c-3f1b7f3a9d10",
        ["memory_mb"] = "4096",
        ["os_distro"] = "rhel",
        ["owner_id"] = "40a58846608e4e908c43b547d4dfb58c",
        ["owner_project_name"] = "ibm-default",
        ["owner_user_name"] = "root",
        ["root_device_name"] = "/dev/sdb",
        ["storage_connectivity_group_id"] = "5b1f0c9e-6d0b-4a43-9c0e-2f6d3b1c7e10",
        ["user_id"] = "0688b01e6439ca32d698d20789d52169126fb41fb1a4ddafcebb97d854e836c9",
        ["vcpus"] = "2",
    };

    private readonly byte[] content = Content.Random(100_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_is_created_by_a_mapping_and_an_empty_file(bool hasFifteenKeys)
    {
        var mapping = JsonSerializer.Serialize(new[] { Entry(await Seeds.VolumeAsync(content), hasFifteenKeys) });
        var fields = new Dictionary<string, object>(Snapshot)
        {
            ["name"] = "captured",
            ["architecture"] = "ppc64",
            ["disk_format"] = "raw",
            ["container_format"] = "bare",
            ["bdm_v2"] = "true",
            ["block_device_mapping"] = mapping,
        };
        var created = await Client.PostAsync("/v2/images", fields);
        var id = created.Body.GetProperty("id").GetString()!;

        var put = await PutFileAsync(id, []);

        Assert.Equal(HttpStatusCode.NoContent, put);
        var image = (await Client.GetAsync($"/v2/images/{id}")).Body;
        Assert.All(Snapshot, property => Assert.Equal(property.Value, image.GetProperty(property.Key).GetString()));
        Assert.Equal(("true", "ppc64", mapping), (Text(image, "bdm_v2"), Text(image, "architecture"), Text(image, "block_device_mapping")));
        Assert.Equal(("active", EmptyMd5, 0), (Text(image, "status"), Text(image, "checksum"), image.GetProperty("size").GetInt64()));
        using var file = await Service.Client.GetAsync(new Uri($"/v2/images/{id}/file", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, file.StatusCode);
        var restored = await Client.ImportedAsync(("image_backup_id", (await Client.ExportedAsync(id)).Id));
        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
    }

    [Fact]
    public async Task An_image_of_volumes_takes_no_other_file_and_only_one_empty_one()
    {
        var id = await Seeds.ImageOfAsync("mapped", (await Seeds.VolumeAsync(content), 0));

        var full = await PutFileAsync(id, content);
        var first = await PutFileAsync(id, []);
        var second = await PutFileAsync(id, []);

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.NoContent, HttpStatusCode.Conflict], [full, first, second]);
    }

    [Fact]
    public async Task Imported_and_uploaded_images_have_the_properties_and_the_mapping_of_PowerVC()
    {
        var uploaded = await Seeds.ImageAsync(content);
        var imported = await Client.ImportedAsync(("image_backup_id", (await Client.ExportedAsync(uploaded)).Id));

        foreach (var id in (string[])[uploaded, imported])
        {
            var image = (await Client.GetAsync($"/v2/images/{id}")).Body;
            Assert.Equal(("True", "/dev/sda"), (Text(image, "bdm_v2"), Text(image, "root_device_name")));
            var entry = JsonElement.Parse(Text(image, "block_device_mapping")!).EnumerateArray().Single();
            var volume = entry.GetProperty("volume_id").GetString()!;
            Assert.Equal(
                JsonSerializer.Serialize(Entry(volume, hasFifteenKeys: false)),
                JsonSerializer.Serialize(entry.EnumerateObject().ToDictionary(member => member.Name, member => member.Value)));
        }
    }

    /// <summary>An entry of a mapping: 12 keys, or 15 as Nova's later releases write them.</summary>
    private static Dictionary<string, object?> Entry(string volume, bool hasFifteenKeys)
    {
        var entry = new Dictionary<string, object?>
        {
            ["guest_format"] = null,
            ["boot_index"] = 0,
            ["no_device"] = null,
            ["image_id"] = null,
            ["volume_id"] = volume,
            ["disk_bus"] = null,
            ["volume_size"] = 1,
            ["source_type"] = "volume",
            ["device_type"] = "disk",
            ["snapshot_id"] = null,
            ["destination_type"] = "volume",
            ["delete_on_termination"] = true,
        };
        foreach (var key in hasFifteenKeys ? (string[])["device_name", "tag", "volume_type"] : [])
        {
            entry[key] = null;
        }

        return entry;
    }

    private async Task<HttpStatusCode> PutFileAsync(string image, byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new("application/octet-stream");
        using var response = await Service.Client.PutAsync(new Uri($"/v2/images/{image}/file", UriKind.Relative), body);
        return response.StatusCode;
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
