using System.Net;
using System.Security.Cryptography;
using ImageBackup.Core.Catalog;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.Images;

public sealed class ImageFileTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_001)]
    public async Task An_uploaded_image_file_is_downloaded_with_its_digests(int length)
    {
        var bytes = Content.Random(length);
        var id = await CreateAsync();

        using var put = await PutAsync(id, bytes);

        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        var image = (await service.Client.GetJsonAsync($"/v2/images/{id}")).Body;
        Assert.Equal("active", image.GetProperty("status").GetString());
        Assert.Equal(length, image.GetProperty("size").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA512.HashData(bytes)), image.GetProperty("os_hash_value").GetString());
        Assert.Equal("sha512", image.GetProperty("os_hash_algo").GetString());
        using var got = await service.Client.GetAsync($"/v2/images/{id}/file");
        Assert.Equal(bytes, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal(length, got.Content.Headers.ContentLength);
        Assert.Equal(image.GetProperty("checksum").GetString(), Assert.Single(got.Content.Headers.GetValues("Content-MD5")));
    }

    [Fact]
    public async Task Runs_of_zeros_become_holes_at_any_offset()
    {
        // Runs of 64 KiB between 64 KiB of data, none of them aligned.
        var bytes = Content.Random(12_345).Concat(Content.WithHoles(32 << 20, 64 << 10, seed: 2)).ToArray();
        var id = await CreateAsync();
        using var put = await PutAsync(id, bytes);

        var volume = await VolumeOfAsync(id);

        var data = service.Services.GetRequiredService<VolumeStore>().DataBytes(volume);
        Assert.InRange(data, 16 << 20, 24 << 20);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(service.Paths.Volume(volume)));
    }

    [Fact]
    public async Task Ranges_are_served()
    {
        var bytes = Content.Random(1_000_000);
        var id = await CreateAsync();
        using var put = await PutAsync(id, bytes);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/images/{id}/file");
        request.Headers.TryAddWithoutValidation("Range", "bytes=777-1000");

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(bytes[777..1001], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("bytes 777-1000/1000000", response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task An_image_without_data_is_a_204()
    {
        using var response = await service.Client.GetAsync($"/v2/images/{await CreateAsync()}/file");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    public async Task A_second_file_is_a_409_and_changes_nothing()
    {
        var id = await CreateAsync();
        using var first = await PutAsync(id, Content.Random(1000));

        using var second = await PutAsync(id, Content.Random(2000, seed: 2));

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal(Content.Random(1000), await service.Client.GetByteArrayAsync($"/v2/images/{id}/file"));
    }

    [Fact]
    public async Task A_file_of_another_size_than_announced_is_refused_and_leaves_nothing()
    {
        var id = await CreateAsync();
        var before = Directory.GetFiles(service.Paths.Volumes).Length;
        using var content = new ByteArrayContent(Content.Random(1000));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v2/images/{id}/file") { Content = content };
        request.Headers.Add("x-openstack-image-size", "1001");

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(before, Directory.GetFiles(service.Paths.Volumes).Length);
        Assert.Equal("queued", (await service.Client.GetJsonAsync($"/v2/images/{id}")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_volume_of_an_image_is_deleted_only_with_the_image()
    {
        var id = await CreateAsync();
        using var put = await PutAsync(id, Content.Random(1000));
        var volume = await VolumeOfAsync(id);

        var refused = await service.Client.DeleteJsonAsync(ServiceFixture.V3($"/volumes/{volume}"));
        var deleted = await service.Client.DeleteJsonAsync($"/v2/images/{id}");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains($"is used by image {id}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetJsonAsync(ServiceFixture.V3($"/volumes/{volume}"))).Status);
        Assert.False(File.Exists(service.Paths.Volume(volume)));
    }

    [Fact]
    public async Task A_volume_created_from_an_image_has_its_bytes()
    {
        var bytes = Content.Random(1_234_567);
        var id = await CreateAsync();
        using var put = await PutAsync(id, bytes);

        var created = await service.Client.PostJsonAsync(ServiceFixture.V3("/volumes"), $$$"""{"volume":{"size":1,"imageRef":"{{{id}}}"}}""");

        var volume = created.Body.GetProperty("volume");
        Assert.Equal("true", volume.GetProperty("bootable").GetString());
        Assert.Equal(id, volume.GetProperty("volume_image_metadata").GetProperty("image_id").GetString());
        await using var file = File.OpenRead(service.Paths.Volume(volume.GetProperty("id").GetString()!));
        var read = new byte[bytes.Length];
        await file.ReadExactlyAsync(read);
        Assert.Equal(bytes, read);
    }

    private async Task<string> CreateAsync()
        => (await service.Client.PostJsonAsync("/v2/images", """{"name":"file","disk_format":"raw","container_format":"bare"}""")).Body.GetProperty("id").GetString()!;

    private async Task<HttpResponseMessage> PutAsync(string id, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        return await service.Client.PutAsync($"/v2/images/{id}/file", content);
    }

    private async Task<string> VolumeOfAsync(string id)
    {
        var mapping = (await service.Client.GetJsonAsync($"/v2/images/{id}")).Body.GetProperty("block_device_mapping").GetString()!;
        using var document = System.Text.Json.JsonDocument.Parse(mapping);
        return document.RootElement[0].GetProperty("volume_id").GetString()!;
    }
}
