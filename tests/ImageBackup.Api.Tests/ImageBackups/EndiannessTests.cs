using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Images show ppc64 and an endianness, as a real PowerVC does; image backups and archives have the word ppc64le.</summary>
public sealed class EndiannessTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private readonly byte[] content = Content.Random(10_000);

    [Theory]
    [InlineData("ppc64", "little-endian", "ppc64le")]
    [InlineData("ppc64", "big-endian", "ppc64")]
    public async Task The_properties_of_an_image_become_a_word_of_its_archive_and_come_back_with_an_import(string architecture, string endianness, string word)
    {
        var image = await Seeds.ImageAsync(content, "power", ("architecture", architecture), ("endianness", endianness));

        var exported = await Client.ExportedAsync(image);
        var restored = await Client.ImportedAsync(("image_backup_id", exported.Id));

        Assert.Equal(word, (await Client.ShowAsync(exported.Id)).GetProperty("architecture").GetString());
        var archive = await ProgramRun.CommandAsync(["ova", "inspect", "--json", await OvaOfAsync(exported.Id)]);
        Assert.Contains($"\"architecture\": \"{word}\"", archive.Output, StringComparison.Ordinal);
        Assert.Equal((architecture, endianness), await ShownAsync(restored));
    }

    [Fact]
    public async Task An_image_created_with_ppc64le_shows_ppc64_and_little_endian()
        => Assert.Equal(("ppc64", "little-endian"), await ShownAsync(await Seeds.ImageAsync(content, "word", ("architecture", "ppc64le"))));

    [Fact]
    public async Task A_patch_to_ppc64le_sets_both_properties()
    {
        var image = await Seeds.ImageAsync(content, "patched", ("architecture", "ppc64"), ("endianness", "big-endian"));

        using var body = new StringContent(
            """[{"op":"replace","path":"/architecture","value":"ppc64le"}]""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/openstack-images-v2.1-json-patch"));
        using var answer = await Service.Client.PatchAsync(new Uri($"/v2/images/{image}", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("ppc64", "little-endian"), await ShownAsync(image));
    }

    [Fact]
    public async Task Ppc64le_and_big_endian_contradict_each_other()
    {
        var answer = await Client.PostAsync("/v2/images", """{"name": "both", "architecture": "ppc64le", "endianness": "big-endian"}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Invalid input for field/attribute endianness. Value: big-endian. architecture 'ppc64le' is little-endian. Give that, or the architecture ppc64.", answer.Message);
    }

    [Fact]
    public async Task A_filter_by_ppc64le_finds_little_endian_images_and_one_by_ppc64_finds_both()
    {
        using var fresh = new ServiceFixture();
        var seeds = new ImageSeeds(fresh);
        var little = await seeds.ImageAsync(content, "little", ("architecture", "ppc64le"));
        var big = await seeds.ImageAsync(content, "big", ("architecture", "ppc64"), ("endianness", "big-endian"));

        Assert.Equal([little], await ListedAsync(fresh, "architecture=ppc64le"));
        Assert.Equal([little], await ListedAsync(fresh, "architecture=ppc64&endianness=little-endian"));
        Assert.Equal([big], await ListedAsync(fresh, "endianness=big-endian"));
        Assert.Equal(new[] { little, big }.Order(), (await ListedAsync(fresh, "architecture=ppc64")).Order());
        Assert.Empty(await ListedAsync(fresh, "architecture=ppc64le&endianness=big-endian"));
    }

    private async Task<(string? Architecture, string? Endianness)> ShownAsync(string id)
    {
        var image = (await Client.GetAsync($"/v2/images/{id}")).Body;
        return (image.GetProperty("architecture").GetString(), image.GetProperty("endianness").GetString());
    }

    private static async Task<IReadOnlyList<string>> ListedAsync(ServiceFixture service, string query)
    {
        var answer = await service.Client.GetJsonAsync($"/v2/images?{query}");
        return [.. answer.Body.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("id").GetString()!)];
    }
}
