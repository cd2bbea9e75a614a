using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Volumes;

public sealed class VolumeTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static readonly string Volumes = ServiceFixture.V3("/volumes");

    [Fact]
    public async Task A_new_volume_has_the_shape_of_Cinder_and_is_a_sparse_file()
    {
        var created = await service.Client.PostJsonAsync(
            Volumes, """{"volume":{"size":2,"name":" data ","description":null,"metadata":{"k":"v"},"snapshot_id":null,"availability_zone":"nova"}}""");

        Assert.Equal(HttpStatusCode.Accepted, created.Status);
        var volume = (await service.Client.GetJsonAsync($"{Volumes}/{IdOf(created)}")).Body.GetProperty("volume");
        Assert.Equal("data", volume.GetProperty("name").GetString());
        Assert.Equal("available", volume.GetProperty("status").GetString());
        Assert.Equal(2, volume.GetProperty("size").GetInt32());
        Assert.Equal("false", volume.GetProperty("bootable").GetString());
        Assert.Equal("v", volume.GetProperty("metadata").GetProperty("k").GetString());
        Assert.Equal(ServiceFixture.ProjectId, volume.GetProperty("os-vol-tenant-attr:tenant_id").GetString());
        Assert.EndsWith($"{Volumes}/{IdOf(created)}", volume.GetProperty("links")[0].GetProperty("href").GetString(), StringComparison.Ordinal);
        Assert.Equal(2L << 30, new FileInfo(service.Paths.Volume(IdOf(created))).Length);
    }

    [Fact]
    public async Task A_volume_that_the_file_system_cannot_hold_is_no_internal_error()
    {
        var answer = await service.Client.PostJsonAsync(Volumes, """{"volume":{"size":16384}}""");

        // ext4 holds files up to 16 TiB less one block; XFS and tmpfs hold larger ones.
        Assert.True(answer.Status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.Accepted, answer.Message);
        if (answer.Status == HttpStatusCode.RequestEntityTooLarge)
        {
            Assert.Contains("does not hold a volume of 17592186044416 bytes", answer.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.EnumerateFiles(service.Paths.Volumes), path => path.EndsWith(".partial", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_deleted_volume_loses_its_file()
    {
        var id = IdOf(await service.Client.PostJsonAsync(Volumes, """{"volume":{"size":1}}"""));

        var deleted = await service.Client.DeleteJsonAsync($"{Volumes}/{id}");

        Assert.Equal(HttpStatusCode.Accepted, deleted.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetJsonAsync($"{Volumes}/{id}")).Status);
        Assert.False(File.Exists(service.Paths.Volume(id)));
    }

    [Fact]
    public async Task A_volume_created_from_a_volume_has_its_bytes_and_can_be_larger()
    {
        var source = IdOf(await service.Client.PostJsonAsync(Volumes, """{"volume":{"size":1}}"""));
        var bytes = Content.Random(100_000);
        await using (var file = File.OpenWrite(service.Paths.Volume(source)))
        {
            file.Position = 5_000_000;
            await file.WriteAsync(bytes);
        }

        var copy = IdOf(await service.Client.PostJsonAsync(Volumes, $$$"""{"volume":{"size":3,"source_volid":"{{{source}}}"}}"""));

        await using var copied = File.OpenRead(service.Paths.Volume(copy));
        Assert.Equal(3L << 30, copied.Length);
        copied.Position = 5_000_000;
        var read = new byte[bytes.Length];
        await copied.ReadExactlyAsync(read);
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("""{"volume":{"size":1,"volume_type":"none"}}""", "Volume type none could not be found.")]
    [InlineData("""{"volume":{"size":1,"imageRef":"none"}}""", "Image none could not be found.")]
    [InlineData("""{"volume":{"size":1,"source_volid":"none"}}""", "Volume none could not be found.")]
    public async Task A_new_volume_that_names_something_unknown_is_refused(string body, string message)
    {
        var answer = await service.Client.PostJsonAsync(Volumes, body);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("itemNotFound", answer.Key);
        Assert.Equal(message, answer.Message);
    }

    [Fact]
    public async Task Lists_are_paged_sorted_filtered_and_counted()
    {
        foreach (var name in (string[])["page-c", "page-a", "page-b", "page-d", "page-e"])
        {
            await service.Client.PostJsonAsync(Volumes, $$$"""{"volume":{"size":1,"name":"{{{name}}}","metadata":{} } }""");
        }

        var names = new List<string?>();
        var path = $"{Volumes}?limit=2&sort=name:asc&with_count=true";
        for (var pages = 0; path is not null; pages++)
        {
            Assert.True(pages < 20);
            var page = await service.Client.GetJsonAsync(path);
            Assert.True(page.Body.GetProperty("count").GetInt32() >= 5);
            names.AddRange(page.Body.GetProperty("volumes").EnumerateArray().Select(volume => volume.GetProperty("name").GetString()));
            path = page.Body.TryGetProperty("volumes_links", out var links) ? new Uri(links[0].GetProperty("href").GetString()!).PathAndQuery : null;
        }

        Assert.Equal(["page-a", "page-b", "page-c", "page-d", "page-e"], names.Where(name => name?.StartsWith("page-", StringComparison.Ordinal) == true));
        Assert.Equal(names.Count, (await ListAsync("")).Count);
        Assert.Equal(["page-d"], (await ListAsync("?name=page-d")).Select(volume => volume.GetProperty("name").GetString()));
        Assert.Empty(await ListAsync("?limit=0"));
    }

    [Theory]
    [InlineData("limit=-1", 400, "limit param must be positive")]
    [InlineData("limit=x", 400, "limit param must be an integer")]
    [InlineData("offset=-5", 400, "offset param must be positive")]
    [InlineData("sort=nonsense", 400, "Sort key 'nonsense' is not one of")]
    [InlineData("sort=name:sideways", 400, "it must be asc or desc")]
    [InlineData("sort=name&sort_key=name", 400, "deprecated and cannot be used")]
    [InlineData("with_count=perhaps", 400, "Value 'perhaps' for 'with_count' is not a boolean")]
    [InlineData("marker=none", 404, "Marker none could not be found.")]
    public async Task A_bad_list_parameter_is_named(string query, int status, string message)
    {
        var answer = await service.Client.GetJsonAsync($"{Volumes}?{query}");

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_templates_are_found_by_id_by_name_and_by_default()
    {
        var types = ServiceFixture.V3("/types");

        var byDefault = (await service.Client.GetJsonAsync($"{types}/default")).Body.GetProperty("volume_type");

        var id = byDefault.GetProperty("id").GetString();
        var name = byDefault.GetProperty("name").GetString();
        Assert.Equal(name, (await service.Client.GetJsonAsync($"{types}/{id}")).Body.GetProperty("volume_type").GetProperty("name").GetString());
        Assert.Equal(2, (await service.Client.GetJsonAsync(types)).Body.GetProperty("volume_types").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetJsonAsync($"{types}/none")).Status);
        var created = await service.Client.PostJsonAsync(Volumes, $$$"""{"volume":{"size":1,"volume_type":"{{{name}}}"}}""");
        Assert.Equal(name, created.Body.GetProperty("volume").GetProperty("volume_type").GetString());
    }

    private async Task<List<JsonElement>> ListAsync(string query)
        => [.. (await service.Client.GetJsonAsync($"{Volumes}/detail{query}")).Body.GetProperty("volumes").EnumerateArray()];

    private static string IdOf(JsonAnswer answer) => answer.Body.GetProperty("volume").GetProperty("id").GetString()!;
}
