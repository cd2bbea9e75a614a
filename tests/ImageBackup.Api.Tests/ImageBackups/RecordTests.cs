using System.Net;
using System.Text.Json;
using ImageBackup.Api.Routes.ImageBackups;
using ImageBackup.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Records of image backups: list, show, change, delete.</summary>
public sealed class RecordTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private const string OtherProject = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_settled_backup_shows_every_field()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1 << 20), "shown", ("os_distro", "aix"), ("architecture", "ppc64"));
        var exported = await Client.ExportedAsync(imageId, ("name", "shown"), ("description", "all of it"), ("compression", "fast"));

        var record = await Client.ShowAsync(exported.Id);

        Assert.Equal(
            ["id", "name", "description", "status", "fail_reason", "progress", "src_image_id", "image_name", "image_id", "backup_host", "ova_name", "ova_size", "ova_sha256", "manifest_sha256", "verified_at", "size", "os_type", "architecture", "compression", "effective_compression", "cos_bucket", "cos_object", "volumes", "task_id", "project_id", "user_id", "created_at", "updated_at", "links"],
            record.EnumerateObject().Select(property => property.Name));
        Assert.Equal("shown", record.GetProperty("name").GetString());
        Assert.Equal("all of it", record.GetProperty("description").GetString());
        Assert.Equal("available", record.GetProperty("status").GetString());
        Assert.Equal(100, record.GetProperty("progress").GetInt32());
        Assert.Equal(imageId, record.GetProperty("src_image_id").GetString());
        Assert.Equal("local", record.GetProperty("backup_host").GetString());
        Assert.Equal($"shown_{exported.Id}.ova", record.GetProperty("ova_name").GetString());
        Assert.Equal(1, record.GetProperty("size").GetInt32());
        Assert.Equal("aix", record.GetProperty("os_type").GetString());
        Assert.Equal("ppc64", record.GetProperty("architecture").GetString());
        Assert.Equal(1 << 20, Assert.Single(record.GetProperty("volumes").EnumerateArray()).GetProperty("capacity").GetInt32());
        Assert.Equal($"http://localhost/v3/{ServiceFixture.ProjectId}/image-backups/{exported.Id}", record.GetProperty("links")[0].GetProperty("href").GetString());
    }

    [Theory]
    [InlineData("os_type=IBMi", 1)]
    [InlineData("os_type=aix", 0)]
    [InlineData("image_name=%C3%84-FILTERED", 1)]
    [InlineData("image_name=%C3%84-filter", 0)]
    [InlineData("cos_bucket=cos-default", 1)]
    [InlineData("cos_bucket=elsewhere", 0)]
    [InlineData("status=in:uploaded,error", 1)]
    [InlineData("status=in:error,creating_backup", 0)]
    [InlineData("created_at=gte:2020-01-01", 1)]
    [InlineData("created_at=lt:2020-01-01T00:00:00Z", 0)]
    [InlineData("created_at=gt:2020-01-01,lte:2999-01-01", 1)]
    public async Task Lists_are_filtered(string filter, int count)
    {
        var imageId = await Seeds.ImageAsync(Content.Random(100), "Ä-Filtered", ("os_distro", "ibmi"));
        var exported = await Client.ExportedAsync(imageId, ("upload_to_cos", true), ("name", "to filter"));

        var found = (await Client.GetAsync($"/image-backups/detail?src_image_id={imageId}&{filter}")).Body.GetProperty("image-backups");

        Assert.Equal(Enumerable.Repeat(exported.Id, count), found.EnumerateArray().Select(backup => backup.GetProperty("id").GetInt32()));
    }

    /// <summary>The plan of the list's statement has no other index, and sorts nothing.</summary>
    [Theory]
    [InlineData("cos_bucket=b", "CosBucket")]
    [InlineData("image_name=n", "ImageNameKey")]
    [InlineData("os_type=aix", "OsTypeKey")]
    public async Task A_filter_has_an_index_in_the_order_of_the_list(string filter, string column)
    {
        Assert.SkipWhen(ServiceFixture.UsesPostgres, "The plan is SQLite's.");
        await using var db = Service.OpenDatabase();
        var context = new DefaultHttpContext { Request = { QueryString = new QueryString("?" + filter) } };
        var query = ImageBackupFilters.Apply(context, db.Backups.Where(backup => backup.ProjectId == ServiceFixture.ProjectId))
            .OrderByDescending(backup => backup.CreatedAt).ThenByDescending(backup => backup.Id).Take(10);

        await using var command = query.CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var plan = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);

        Assert.True(await plan.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"USING INDEX IX_image_backups_ProjectId_{column}_CreatedAt_Id (ProjectId=? AND {column}=?)", plan.GetString(3), StringComparison.Ordinal);
        Assert.False(await plan.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_time_of_the_last_successful_verification_is_recorded()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1 << 20)), ("name", "verified"));
        var before = (await Client.ShowAsync(exported.Id)).GetProperty("verified_at");

        await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "verify"));
        var verified = (await Client.ShowAsync(exported.Id)).GetProperty("verified_at").GetString();
        await File.AppendAllTextAsync(await OvaOfAsync(exported.Id), "more", TestContext.Current.CancellationToken);
        await Client.WaitAsync(await Client.BeginAsync(exported.Id, "verify"));
        var listed = (await Client.GetAsync("/image-backups/detail?name=verified")).Body.GetProperty("image-backups")[0];

        Assert.Equal(JsonValueKind.Null, before.ValueKind);
        Assert.NotNull(verified);
        Assert.Equal(("error", verified), (listed.GetProperty("status").GetString(), listed.GetProperty("verified_at").GetString()));
    }

    [Theory]
    [InlineData("created_at=2026-01-01", "created_at")]
    [InlineData("created_at=gte:soon", "created_at")]
    [InlineData("created_at=neq:2026-01-01", "created_at")]
    [InlineData("status=in:error,fine", "status")]
    public async Task A_filter_of_no_meaning_is_refused(string filter, string field)
    {
        var answer = await Client.GetAsync($"/image-backups/detail?{filter}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith($"Invalid input for field/attribute {field}. Value: {filter.Split(['=', ','])[^1]}", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_compares_a_few_times_only()
    {
        var answer = await Client.GetAsync($"/image-backups/detail?created_at={string.Join(',', Enumerable.Repeat("gt:2026-01-01", 1000))}");

        Assert.Equal((HttpStatusCode.BadRequest, "Invalid input for field/attribute created_at. It has 1000 comparisons; at most 4 are accepted."), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Name_and_description_can_be_changed()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)), ("description", "old"));

        var renamed = await ChangeAsync(exported.Id, new { name = " new name " });
        var undescribed = await ChangeAsync(exported.Id, new { description = (string?)null });
        var nothing = await ChangeAsync(exported.Id, new { });
        var status = await ChangeAsync(exported.Id, new { status = "error" });

        Assert.Equal("new name", renamed.Body.GetProperty("image-backup").GetProperty("name").GetString());
        Assert.Equal("old", renamed.Body.GetProperty("image-backup").GetProperty("description").GetString());
        Assert.Equal(JsonValueKind.Null, undescribed.Body.GetProperty("image-backup").GetProperty("description").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, nothing.Status);
        Assert.Equal(HttpStatusCode.BadRequest, status.Status);
        Assert.Equal($"backup_{exported.Id}.ova", Path.GetFileName(await OvaOfAsync(exported.Id)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?force=false")]
    [InlineData("?force=True")]
    public async Task A_settled_backup_is_deleted_with_and_without_force(string query)
    {
        var imageId = await Seeds.ImageAsync(Content.Random(100));
        var before = await Footprint.TakeAsync(Service);
        var exported = await Client.ExportedAsync(imageId);

        var answer = await Client.DeleteAsync(exported.Id, query);
        await Client.GoneAsync(exported.Id);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Empty(answer.Text);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task Force_accepts_booleans_only()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));

        var answer = await Client.DeleteAsync(exported.Id, "?force=perhaps");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Value 'perhaps' for 'force' is not a boolean. Accepted are 1, t, true, on, y, yes and 0, f, false, off, n, no.", answer.Message);
    }

    [Fact]
    public async Task An_id_is_never_used_twice()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(100));
        var first = await Client.ExportedAsync(imageId);
        await Client.DeletedAsync(first.Id);

        var second = await Client.ExportedAsync(imageId);

        Assert.True(second.Id > first.Id);
    }

    [Fact]
    public async Task An_image_and_its_backup_are_deleted_independently()
    {
        var content = Content.Random(10_000);
        var imageId = await Seeds.ImageAsync(content);
        var exported = await Client.ExportedAsync(imageId);
        await Client.SendAsync(HttpMethod.Delete, $"/v2/images/{imageId}");
        var restored = await Client.ImportedAsync(("image_backup_id", exported.Id));

        await Client.DeletedAsync(exported.Id);

        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
    }

    [Fact]
    public async Task An_archive_with_two_records_is_deleted_with_the_last_one()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        var ova = await OvaOfAsync(exported.Id);
        var second = await Client.ImportAsync(("ova_name", Path.GetFileName(ova)));
        await Client.SucceedAsync(second);

        await Client.DeletedAsync(exported.Id);
        Assert.True(File.Exists(ova));
        await Client.DeletedAsync(second.Id);
        Assert.False(File.Exists(ova));
    }

    [Fact]
    public async Task Lists_are_paged_sorted_filtered_and_counted()
    {
        using var fresh = new ServiceFixture();
        var (client, seeds) = (new BackupClient(fresh), new ImageSeeds(fresh));
        var imageId = await seeds.ImageAsync(Content.Random(100));
        foreach (var name in (string[])["c", "a", "b"])
        {
            await client.ExportedAsync(imageId, ("name", name));
        }

        fresh.Fail("create_ova_*", 0);
        await client.WaitAsync(await client.ExportAsync(imageId, ("name", "d")));

        Assert.Equal(["d", "b", "a", "c"], await NamesAsync(""));
        Assert.Equal(["a", "b", "c", "d"], await NamesAsync("?sort=name:asc"));
        Assert.Equal(["c"], await NamesAsync("?name=c"));
        Assert.Equal(["d"], await NamesAsync("?status=error"));
        Assert.Equal(["b", "a", "c"], await NamesAsync("/detail?status=available"));
        Assert.Equal(["a", "c"], await NamesAsync("?offset=2"));
        var first = (await client.GetAsync("/image-backups?limit=3&with_count=true&sort=name:asc")).Body;
        Assert.Equal(4, first.GetProperty("count").GetInt32());
        var next = new Uri(first.GetProperty("image-backups_links")[0].GetProperty("href").GetString()!).PathAndQuery;
        var second = (await client.GetAsync(next)).Body;
        Assert.Equal("d", Assert.Single(second.GetProperty("image-backups").EnumerateArray()).GetProperty("name").GetString());
        Assert.False(second.TryGetProperty("image-backups_links", out _));
        Assert.Equal(["id", "name", "links"], first.GetProperty("image-backups")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/image-backups?status=fine")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/image-backups?limit=-1")).Status);

        async Task<IEnumerable<string>> NamesAsync(string query)
            => (await client.GetAsync("/image-backups" + query)).Body.GetProperty("image-backups").EnumerateArray().Select(backup => backup.GetProperty("name").GetString()!);
    }

    [Fact]
    public async Task A_backup_of_another_project_is_not_found()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        var path = $"/v3/{OtherProject}/image-backups/{exported.Id}";

        ApiAnswer[] answers =
        [
            await Client.GetAsync(path),
            await Client.SendAsync(HttpMethod.Delete, path),
            await Client.SendAsync(HttpMethod.Put, path, new Dictionary<string, object> { ["image-backup"] = new { name = "mine" } }),
            await Client.SendAsync(HttpMethod.Put, $"{path}/reset_status", new { reset_status = new { status = "error" } }),
            await Client.PostAsync($"{path}/upload"),
            await Client.PostAsync($"{path}/verify"),
            await Client.PostAsync($"/v3/{OtherProject}/image-backups/import_image", BackupClient.ImportBody(("image_backup_id", exported.Id))),
            await Client.GetAsync(new Uri(exported.TaskUri).PathAndQuery.Replace(ServiceFixture.ProjectId, OtherProject, StringComparison.Ordinal)),
        ];

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        Assert.Empty((await Client.GetAsync($"/v3/{OtherProject}/image-backups")).Body.GetProperty("image-backups").EnumerateArray());
        Assert.Equal("available", await Client.StatusAsync(exported.Id));
    }

    private Task<ApiAnswer> ChangeAsync(int id, object change)
        => Client.SendAsync(HttpMethod.Put, $"/image-backups/{id}", new Dictionary<string, object> { ["image-backup"] = change });
}
