using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Images;

public sealed class ImageTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const string PatchType = "application/openstack-images-v2.1-json-patch";

    [Fact]
    public async Task A_new_image_is_queued_and_shows_its_additional_properties()
    {
        var created = await service.Client.PostJsonAsync("/v2/images", """{"name":"new","os_distro":"aix","tags":["b","a","b"],"min_disk":3,"protected":false}""");

        Assert.Equal(HttpStatusCode.Created, created.Status);
        var image = created.Body;
        Assert.Equal("queued", image.GetProperty("status").GetString());
        Assert.Equal("aix", image.GetProperty("os_distro").GetString());
        Assert.Equal(["b", "a"], image.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal(JsonValueKind.Null, image.GetProperty("size").ValueKind);
        Assert.EndsWith($"/v2/images/{image.GetProperty("id").GetString()}", created.Headers["Location"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_properties_of_an_image_have_64_KiB_together()
    {
        var most = new string('x', 32_766);
        var created = await service.Client.PostJsonAsync("/v2/images", $$"""{"name":"large","p1":"{{most}}","p2":"{{most}}"}""");

        var refused = await service.Client.CallAsync(
            HttpMethod.Patch, $"/v2/images/{created.Body.GetProperty("id").GetString()}", """[{"op":"add","path":"/p3","value":"é"}]""", PatchType);

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("at most 65536 bytes together, names included; with this one they have 65540", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":"active"}""", 403, "Attribute 'status' is read-only.")]
    [InlineData("""{"locations":[]}""", 403, "Attribute 'locations' is reserved.")]
    [InlineData("""{"disk_format":"ploop"}""", 400, "Invalid input for field/attribute disk_format. Value: ploop. 'ploop' is not one of ['raw', 'qcow2'")]
    [InlineData("""{"visibility":"secret"}""", 400, "Invalid input for field/attribute visibility. Value: secret.")]
    [InlineData("""{"os_distro":5}""", 400, "Invalid input for field/attribute os_distro. Value: 5. 5 is not of type 'string'")]
    [InlineData("""{"id":"5"}""", 400, "Invalid input for field/attribute id. Value: 5.")]
    [InlineData("""{"min_ram":-1}""", 400, "Invalid input for field/attribute min_ram. Value: -1.")]
    [InlineData("""{"block_device_mapping":"[{\"volume_id\":\"none\",\"boot_index\":0}]"}""", 400, "Volume none could not be found.")]
    [InlineData("""{"block_device_mapping":"nonsense"}""", 400, "Invalid input for field/attribute block_device_mapping. Value: nonsense.")]
    [InlineData("""{"block_device_mapping":"[{\"boot_index\":0}]"}""", 400, "Each entry must name a volume by 'volume_id'.")]
    public async Task An_invalid_image_is_refused_and_the_field_named(string body, int status, string message)
    {
        var answer = await service.Client.PostJsonAsync("/v2/images", body);

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_id_can_be_used_once()
    {
        var body = $$$"""{"id":"{{{Guid.NewGuid()}}}"}""";
        await service.Client.PostJsonAsync("/v2/images", body);

        var second = await service.Client.PostJsonAsync("/v2/images", body);

        Assert.Equal(HttpStatusCode.Conflict, second.Status);
        Assert.Equal("conflictingRequest", second.Key);
    }

    [Fact]
    public async Task An_image_of_several_volumes_is_active_at_once_and_is_deleted_with_its_volumes()
    {
        var boot = await VolumeAsync();
        var kept = await VolumeAsync();
        var mapping = JsonSerializer.Serialize(new object[]
        {
            new { volume_id = kept, boot_index = -1, source_type = "volume", destination_type = "volume" },
            new { volume_id = boot, boot_index = "0", source_type = "volume", destination_type = "volume", delete_on_termination = "true" },
        });

        var created = await service.Client.PostJsonAsync("/v2/images", JsonSerializer.Serialize(new { name = "multi", block_device_mapping = mapping }));

        Assert.Equal("active", created.Body.GetProperty("status").GetString());
        Assert.Equal(mapping, created.Body.GetProperty("block_device_mapping").GetString());
        await service.Client.DeleteJsonAsync($"/v2/images/{created.Body.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetJsonAsync(ServiceFixture.V3($"/volumes/{boot}"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetJsonAsync(ServiceFixture.V3($"/volumes/{kept}"))).Status);
    }

    [Fact]
    public async Task A_patch_adds_replaces_and_removes()
    {
        var id = await CreateAsync("""{"name":"before","a~b":"1","gone":"x"}""");

        var patched = await PatchAsync(id, """
            [{"op":"replace","path":"/name","value":"after"},{"op":"add","path":"/architecture","value":"ppc64"},
             {"op":"replace","path":"/a~0b","value":"2"},{"op":"remove","path":"/gone"},{"op":"replace","path":"/tags","value":["t"]},
             {"op":"replace","path":"/protected","value":true}]
            """);

        Assert.Equal(HttpStatusCode.OK, patched.Status);
        var image = (await service.Client.GetJsonAsync($"/v2/images/{id}")).Body;
        Assert.Equal("after", image.GetProperty("name").GetString());
        Assert.Equal("ppc64", image.GetProperty("architecture").GetString());
        Assert.Equal("2", image.GetProperty("a~b").GetString());
        Assert.False(image.TryGetProperty("gone", out _));
        var refused = await service.Client.DeleteJsonAsync($"/v2/images/{id}");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal($"Image {id} is protected and cannot be deleted.", refused.Message);
    }

    [Theory]
    [InlineData("""[{"op":"replace","path":"/nothing","value":"x"}]""", 409, "Property nothing does not exist.")]
    [InlineData("""[{"op":"remove","path":"/nothing"}]""", 409, "Property nothing does not exist.")]
    [InlineData("""[{"op":"remove","path":"/name"}]""", 403, "Property name may not be removed.")]
    [InlineData("""[{"op":"replace","path":"/id","value":"x"}]""", 403, "Attribute 'id' is read-only.")]
    [InlineData("""[{"op":"replace","path":"name","value":"x"}]""", 400, "Invalid JSON pointer for this resource: 'name'")]
    [InlineData("""[{"op":"replace","path":"/a/b","value":"x"}]""", 400, "Invalid JSON pointer for this resource: '/a/b'")]
    [InlineData("""[{"op":"replace","path":"/a~2","value":"x"}]""", 400, "recognized escape sequence")]
    [InlineData("""[{"op":"move","path":"/name","value":"x"}]""", 400, "'move' is not one of ['add', 'replace', 'remove']")]
    [InlineData("""[{"op":"add","path":"/name"}]""", 400, "requires a member named \"value\"")]
    [InlineData("""{"op":"add"}""", 400, "must be a JSON list of operations")]
    public async Task An_invalid_patch_changes_nothing(string patch, int status, string message)
    {
        var id = await CreateAsync("""{"name":"same"}""");

        var answer = await PatchAsync(id, patch.Replace("[{", """[{"op":"add","path":"/half","value":"done"},{""", StringComparison.Ordinal));

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        Assert.False((await service.Client.GetJsonAsync($"/v2/images/{id}")).Body.TryGetProperty("half", out _));
    }

    [Fact]
    public async Task A_patch_needs_its_own_content_type()
    {
        var answer = await service.Client.CallAsync(HttpMethod.Patch, $"/v2/images/{await CreateAsync("{}")}", "[]");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Contains(PatchType, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged_as_in_Glance()
    {
        foreach (var i in Enumerable.Range(0, 3))
        {
            await CreateAsync($$$"""{"name":"list-{{{i}}}","os_distro":"listed","tags":["one","{{{i}}}"]}""");
        }

        Assert.Equal(["list-0", "list-1", "list-2"], await NamesAsync("os_distro=listed&sort=name:asc"));
        Assert.Equal(["list-2"], await NamesAsync("tag=one&tag=2"));
        Assert.Equal(["list-0", "list-1"], await NamesAsync("name=in:list-0,list-1&sort_key=name&sort_dir=asc"));
        Assert.Empty(await NamesAsync("os_distro=listed&os_hidden=true"));
        Assert.Empty(await NamesAsync("os_distro=listed&status=active"));
        var first = (await service.Client.GetJsonAsync("/v2/images?os_distro=listed&limit=2&sort=name:asc")).Body;
        Assert.Equal(2, first.GetProperty("images").GetArrayLength());
        var second = (await service.Client.GetJsonAsync(first.GetProperty("next").GetString()!)).Body;
        Assert.Equal("list-2", Assert.Single(second.GetProperty("images").EnumerateArray()).GetProperty("name").GetString());
        Assert.False(second.TryGetProperty("next", out _));
        Assert.Equal("/v2/schemas/images", second.GetProperty("schema").GetString());
    }

    [Fact]
    public async Task The_schema_matches_the_responses()
    {
        var schema = (await service.Client.GetJsonAsync("/v2/schemas/image")).Body;
        var image = (await service.Client.GetJsonAsync($"/v2/images/{await CreateAsync("{}")}")).Body;

        var described = schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).ToHashSet();
        Assert.All(image.EnumerateObject(), property => Assert.Contains(property.Name, described));
        Assert.Equal("image", schema.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    [InlineData("/versions")]
    public async Task The_image_API_is_discovered(string path)
    {
        var answer = await service.Client.GetJsonAsync(path);

        Assert.Equal(HttpStatusCode.MultipleChoices, answer.Status);
        Assert.Equal("CURRENT", answer.Body.GetProperty("versions")[0].GetProperty("status").GetString());
    }

    private async Task<string> CreateAsync(string body)
        => (await service.Client.PostJsonAsync("/v2/images", body)).Body.GetProperty("id").GetString()!;

    private Task<JsonAnswer> PatchAsync(string id, string patch) => service.Client.CallAsync(HttpMethod.Patch, $"/v2/images/{id}", patch, PatchType);

    private async Task<string> VolumeAsync()
        => (await service.Client.PostJsonAsync(ServiceFixture.V3("/volumes"), """{"volume":{"size":1}}""")).Body.GetProperty("volume").GetProperty("id").GetString()!;

    private async Task<List<string?>> NamesAsync(string query)
        => [.. (await service.Client.GetJsonAsync($"/v2/images?{query}")).Body.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("name").GetString())];
}
