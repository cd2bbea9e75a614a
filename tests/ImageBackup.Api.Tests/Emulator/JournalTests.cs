using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Emulator;

/// <summary><c>/emulator/requests</c>: what clients sent and what they got, without secrets.</summary>
public sealed class JournalTests(EmulatorFixture service) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task A_request_is_listed_with_its_body_and_its_response()
    {
        await service.ResetAsync();
        await service.Client.CallAsync(HttpMethod.Post, ServiceFixture.V3("/image-backups/export_image"), """{"image-backup": {"name": "n", "src_image_id": "none"}}""", headers: [("X-Auth-Token", "abc"), ("Idempotency-Key", "k-1")]);
        await service.Backups.GetAsync("/image-backups?limit=5");

        var entries = await ListAsync("?path=*/image-backups*");

        Assert.Equal(2, entries.Count);
        var export = entries[0];
        Assert.Equal(("POST", 404, 1), (export.GetProperty("method").GetString(), export.GetProperty("status").GetInt32(), export.GetProperty("id").GetInt32()));
        Assert.Equal("none", export.GetProperty("body").GetProperty("image-backup").GetProperty("src_image_id").GetString());
        Assert.Equal("Image none could not be found.", export.GetProperty("answer").GetProperty("itemNotFound").GetProperty("message").GetString());
        Assert.Equal(("***", "k-1"), (export.GetProperty("headers").GetProperty("X-Auth-Token").GetString(), export.GetProperty("headers").GetProperty("Idempotency-Key").GetString()));
        Assert.Equal("?limit=5", entries[1].GetProperty("query").GetString());
    }

    [Theory]
    [InlineData("?method=post", 1)]
    [InlineData("?status=4xx", 1)]
    [InlineData("?status=200", 2)]
    [InlineData("?contains=the-name", 1)]
    [InlineData("?after=2", 1)]
    [InlineData("?limit=2", 2)]
    [InlineData("?path=/v2/images", 1)]
    [InlineData("?path=*/images&method=POST", 0)]
    public async Task Filters_select_requests(string query, int count)
    {
        await service.ResetAsync();
        await service.Backups.GetAsync("/v2/images");
        await service.Backups.GetAsync("/volumes");
        await service.Backups.PostAsync("/image-backups/export_image", BackupClient.ExportBody("none", ("name", "the-name")));

        Assert.Equal(count, (await ListAsync(query)).Count);
    }

    [Fact]
    public async Task Secrets_are_masked_in_every_kind_of_body()
    {
        const string secret = "hunter-two-and-a-half";
        await service.ResetAsync();
        await service.Client.PostJsonAsync("/v3/auth/tokens", """{"auth": {"identity": {"methods": ["token"], "token": {"id": "SECRET"}, "password": {"user": {"password": "SECRET"}}}}}""".Replace("SECRET", secret, StringComparison.Ordinal));
        await service.Client.PostJsonAsync(ServiceFixture.V3("/cos"), """{"cos": {"credentials": {"secret_key": "SECRET", "api_key": "SECRET", "service_url": "https://user:SECRET@host/?sig=SECRET"}}}""".Replace("SECRET", secret, StringComparison.Ordinal));
        await service.Client.PostJsonAsync(ServiceFixture.V3("/backup-nodes"), """{"backup_nodes": {"registration": {"passwd": "SECRET" """.Replace("SECRET", secret, StringComparison.Ordinal));
        await service.Client.CallAsync(HttpMethod.Get, "/v2/images", headers: ("Authorization", secret));

        var text = (await service.Client.GetJsonAsync("/emulator/requests")).Body.ToString();

        Assert.Equal(4, (await ListAsync("")).Count);
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains("***", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_and_binary_bodies_are_counted_and_do_not_fill_the_memory()
    {
        await service.ResetAsync();
        var content = new byte[3 << 20];
        var id = await new ImageSeeds(service).ImageAsync(content);

        var upload = (await ListAsync("?method=PUT")).Single();

        Assert.Equal((content.Length, JsonValueKind.Null), (upload.GetProperty("body_bytes").GetInt32(), upload.GetProperty("body").ValueKind));
        Assert.Equal(content, await service.Client.GetByteArrayAsync(new Uri($"/v2/images/{id}/file", UriKind.Relative)));
        Assert.Equal(content.Length, (await ListAsync("?path=*/file&method=GET")).Single().GetProperty("answer_bytes").GetInt32());
    }

    [Fact]
    public async Task Only_the_last_thousand_requests_are_kept_and_can_be_forgotten()
    {
        await service.ResetAsync();
        for (var i = 0; i < 1010; i++)
        {
            using var answer = await service.Client.GetAsync(new Uri("/v3", UriKind.Relative));
        }

        var kept = await ListAsync("?limit=5000");
        Assert.Equal((1000, 11), (kept.Count, kept[0].GetProperty("id").GetInt32()));

        Assert.Equal(HttpStatusCode.NoContent, (await service.Client.DeleteJsonAsync("/emulator/requests")).Status);
        Assert.Empty(await ListAsync(""));
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string query)
        => [.. (await service.Client.GetJsonAsync($"/emulator/requests{query}")).Body.GetProperty("requests").EnumerateArray()];
}
