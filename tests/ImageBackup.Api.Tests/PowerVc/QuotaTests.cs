using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.PowerVc;

/// <summary>Quotas count what a project has, and refuse what passes them. Each test has its own service, because quotas hold for all of it.</summary>
public sealed class QuotaTests : IDisposable
{
    private const string Path = $"/os-quota-sets/{ServiceFixture.ProjectId}";

    private readonly ServiceFixture service = new();
    private readonly BackupClient client;
    private readonly ImageSeeds seeds;

    public QuotaTests() => (client, seeds) = (new BackupClient(service), new ImageSeeds(service));

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task Usage_is_counted_and_no_quota_is_set_at_first()
    {
        await client.ExportedAsync(await seeds.ImageAsync(Content.Random(1000)));
        await seeds.VolumeAsync(3);

        var quotas = (await client.GetAsync(Path + "?usage=True")).Body.GetProperty("quota_set");
        var limits = (await client.GetAsync("/limits")).Body.GetProperty("limits").GetProperty("absolute");

        Assert.Equal((-1, 2), Of(quotas, "volumes"));
        Assert.Equal((-1, 4), Of(quotas, "gigabytes"));
        Assert.Equal((-1, 1), Of(quotas, "backups"));
        Assert.Equal((-1, 1), Of(quotas, "backup_gigabytes"));
        Assert.Equal(2, limits.GetProperty("totalVolumesUsed").GetInt32());
        Assert.Equal(4, limits.GetProperty("totalGigabytesUsed").GetInt32());
        Assert.Equal(1, limits.GetProperty("totalBackupsUsed").GetInt32());
        Assert.Equal(-1, limits.GetProperty("maxTotalVolumes").GetInt32());
    }

    [Theory]
    [InlineData("volumes", 1, 1, "Maximum number of volumes allowed (1) exceeded for quota 'volumes'.")]
    [InlineData("gigabytes", 3, 2, "The request exceeds the quota 'gigabytes'. Requested 2G, quota is 3G and 2G has been consumed.")]
    [InlineData("per_volume_gigabytes", 1, 2, "Requested volume size 2G is larger than maximum allowed limit 1G.")]
    public async Task A_volume_that_passes_a_quota_is_a_413_and_leaves_nothing(string resource, int limit, int size, string message)
    {
        await seeds.VolumeAsync(2);
        await SetAsync(resource, limit);
        var before = await Footprint.TakeAsync(service);

        var answer = await client.PostAsync("/volumes", new { volume = new { size } });

        IsOverLimit(answer, message);
        Assert.Equal(before, await Footprint.TakeAsync(service));
    }

    [Theory]
    [InlineData("backups", "Maximum number of backups allowed (1) exceeded for quota 'backups'.")]
    [InlineData("backup_gigabytes", "The request exceeds the quota 'backup_gigabytes'. Requested 1G, quota is 1G and 1G has been consumed.")]
    public async Task An_export_that_passes_a_quota_is_a_413_and_leaves_nothing(string resource, string message)
    {
        var image = await seeds.ImageAsync(Content.Random(1000));
        await client.ExportedAsync(image);
        await SetAsync(resource, 1);
        var before = await Footprint.TakeAsync(service, withBackups: true);

        var answer = await client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(image));

        IsOverLimit(answer, message);
        Assert.Equal(before, await Footprint.TakeAsync(service, withBackups: true));
    }

    [Fact]
    public async Task An_import_whose_volumes_pass_a_quota_is_a_413_and_leaves_the_backup_as_it_is()
    {
        var exported = await client.ExportedAsync(await seeds.ImageAsync(Content.Random(1000)));
        await SetAsync("volumes", 1);

        var answer = await client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("image_backup_id", exported.Id)));

        IsOverLimit(answer, "Maximum number of volumes allowed (1) exceeded for quota 'volumes'.");
        Assert.Equal("available", await client.StatusAsync(exported.Id));
    }

    [Fact]
    public async Task An_uploaded_image_that_passes_a_quota_is_refused_and_queued_again()
    {
        await seeds.VolumeAsync(1);
        await SetAsync("volumes", 1);
        var id = (await client.PostAsync("/v2/images", new { name = "one too many", disk_format = "raw", container_format = "bare" })).Body.GetProperty("id").GetString();
        using var body = new ByteArrayContent(new byte[1000]);

        using var answer = await service.Client.PutAsync(new Uri($"/v2/images/{id}/file", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("queued", (await client.GetAsync($"/v2/images/{id}")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_quota_holds_until_it_is_removed()
    {
        await SetAsync("volumes", 0);
        var shown = (await client.GetAsync(Path)).Body.GetProperty("quota_set").GetProperty("volumes").GetInt32();
        var refused = await client.PostAsync("/volumes", new { volume = new { size = 1 } });
        var removed = await client.SendAsync(HttpMethod.Delete, Path);

        await seeds.VolumeAsync(1);

        Assert.Equal((0, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.OK), (shown, refused.Status, removed.Status));
        Assert.Equal(-1, (await client.GetAsync(Path + "/defaults")).Body.GetProperty("quota_set").GetProperty("volumes").GetInt32());
    }

    private async Task SetAsync(string resource, int limit)
    {
        var answer = await client.SendAsync(
            HttpMethod.Put, Path, new Dictionary<string, object> { ["quota_set"] = new Dictionary<string, object> { [resource] = limit, ["tenant_id"] = ServiceFixture.ProjectId } });
        Assert.Equal(limit, answer.Body.GetProperty("quota_set").GetProperty(resource).GetInt32());
    }

    private static (int Limit, int InUse) Of(JsonElement quotas, string resource)
        => (quotas.GetProperty(resource).GetProperty("limit").GetInt32(), quotas.GetProperty(resource).GetProperty("in_use").GetInt32());

    private static void IsOverLimit(ApiAnswer answer, string message)
    {
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal(message, answer.Message);
        Assert.Equal("0", answer.Headers.GetValues("Retry-After").Single());
    }
}
