using System.Text.Json;

namespace ImageBackup.TestSupport;

/// <summary>Creates images and volumes with requests of Glance and Cinder, and reads them.</summary>
public sealed class ImageSeeds(ServiceFixture service)
{
    private readonly BackupClient client = new(service);

    /// <summary>An image of one boot volume with these bytes.</summary>
    public async Task<string> ImageAsync(byte[] content, string name = "test-image", params (string Name, string Value)[] properties)
    {
        var fields = properties.ToDictionary(property => property.Name, property => (object)property.Value);
        fields["name"] = name;
        fields["disk_format"] = "raw";
        fields["container_format"] = "bare";
        var id = (await client.PostAsync("/v2/images", fields)).Body.GetProperty("id").GetString()!;
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new("application/octet-stream");
        using var response = await service.Client.PutAsync($"/v2/images/{id}/file", body);
        response.EnsureSuccessStatusCode();
        return id;
    }

    /// <summary>An image of several volumes, each with its bytes and boot index (-1 for data).</summary>
    public async Task<string> ImageAsync(string name, params (byte[] Content, int BootIndex)[] volumes)
    {
        var mapping = new List<(string, int)>();
        foreach (var (content, bootIndex) in volumes)
        {
            mapping.Add((await VolumeAsync(content), bootIndex));
        }

        return await ImageOfAsync(name, [.. mapping]);
    }

    /// <summary>An image of existing volumes.</summary>
    public async Task<string> ImageOfAsync(string name, params (string VolumeId, int BootIndex)[] volumes)
    {
        var mapping = volumes.Select(volume => new Dictionary<string, object>
        {
            ["boot_index"] = volume.BootIndex,
            ["source_type"] = "volume",
            ["destination_type"] = "volume",
            ["delete_on_termination"] = "true",
            ["volume_id"] = volume.VolumeId,
        });
        var answer = await client.PostAsync("/v2/images", new { name, block_device_mapping = JsonSerializer.Serialize(mapping) });
        return answer.Body.GetProperty("id").GetString()!;
    }

    /// <summary>A volume with exactly these bytes.</summary>
    public async Task<string> VolumeAsync(byte[] content)
        => (await VolumesOfAsync(await ImageAsync(content, "seed-of-a-volume"))).Single().VolumeId;

    /// <summary>An empty volume of a number of GiB.</summary>
    public async Task<string> VolumeAsync(int gibibytes)
        => (await client.PostAsync("/volumes", new { volume = new { size = gibibytes } })).Body.GetProperty("volume").GetProperty("id").GetString()!;

    /// <summary>The image's volumes as its block device mapping lists them.</summary>
    public async Task<IReadOnlyList<(string VolumeId, int BootIndex)>> VolumesOfAsync(string imageId)
    {
        var image = (await client.GetAsync($"/v2/images/{imageId}")).Body;
        return [.. JsonElement.Parse(image.GetProperty("block_device_mapping").GetString()!).EnumerateArray()
            .Select(entry => (entry.GetProperty("volume_id").GetString()!, entry.GetProperty("boot_index").GetInt32()))];
    }

    /// <summary>The bytes of the image's volumes, in the mapping's order.</summary>
    public async Task<IReadOnlyList<byte[]>> ContentsOfAsync(string imageId)
        => [.. (await VolumesOfAsync(imageId)).Select(volume => File.ReadAllBytes(service.Paths.Volume(volume.VolumeId)))];

    /// <summary>The file of the image's boot volume.</summary>
    public async Task<string> BootFileOfAsync(string imageId) => service.Paths.Volume((await VolumesOfAsync(imageId))[0].VolumeId);
}
