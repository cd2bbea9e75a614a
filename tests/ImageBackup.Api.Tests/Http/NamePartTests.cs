using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Http;

/// <summary>Every list finds items by a part of their name (<c>name~</c>).</summary>
public sealed class NamePartTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Volumes_are_found_by_a_part_of_their_name()
    {
        await CreateAsync(ServiceFixture.V3("/volumes"), new { volume = new { name = "alpha-one", size = 1 } });
        await CreateAsync(ServiceFixture.V3("/volumes"), new { volume = new { name = "beta-two", size = 1 } });

        Assert.Equal(["beta-two"], await NamesAsync(ServiceFixture.V3("/volumes?name~=A-tW"), "volumes"));
    }

    [Fact]
    public async Task Images_are_found_by_a_part_of_their_name()
    {
        await CreateAsync("/v2/images", new { name = "gamma-one" });
        await CreateAsync("/v2/images", new { name = "delta-two" });

        Assert.Equal(["delta-two"], await NamesAsync("/v2/images?name~=a-tw", "images"));
    }

    [Theory]
    [InlineData("cal back", 1)]
    [InlineData("elsewhere", 0)]
    public async Task Backup_nodes_are_found_by_a_part_of_their_name(string part, int expected)
    {
        var body = await service.Client.GetFromJsonAsync<JsonNode>(ServiceFixture.V3($"/backup-nodes?name~={part}"));

        Assert.Equal(expected, body!["backup_nodes"]!.AsArray().Count);
    }

    [Fact]
    public async Task No_bucket_is_found_by_a_part_that_no_name_has()
    {
        var body = await service.Client.GetFromJsonAsync<JsonNode>(ServiceFixture.V3("/cos?name~=elsewhere"));

        Assert.Empty(body!["cos"]!.AsArray());
    }

    private async Task CreateAsync(string path, object body)
    {
        using var answer = await service.Client.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<List<string>> NamesAsync(string path, string plural)
        => [.. (await service.Client.GetFromJsonAsync<JsonNode>(path))![plural]!.AsArray().Select(item => (string)item!["name"]!)];
}
