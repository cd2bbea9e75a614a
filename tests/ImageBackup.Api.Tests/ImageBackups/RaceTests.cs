using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Many at once.</summary>
public sealed class RaceTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task One_of_sixteen_concurrent_deletions_is_accepted()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1000)));
        var fault = Service.Stall("delete_ova_*", 0);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Client.DeleteAsync(exported.Id)));

        Assert.Equal(HttpStatusCode.Accepted, Assert.Single(answers, answer => answer.Status != HttpStatusCode.BadRequest).Status);
        await fault.StruckAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await Client.DeleteAsync(exported.Id, "?force=true")).Status);
        await Client.GoneAsync(exported.Id);
    }

    [Fact]
    public async Task One_of_sixteen_concurrent_imports_of_a_backup_is_accepted()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1000)));
        Service.Stall("extract_ova_*", 0);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(_ => Client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("image_backup_id", exported.Id)))));

        Assert.Equal(HttpStatusCode.Created, Assert.Single(answers, answer => answer.Status != HttpStatusCode.BadRequest).Status);
        await Client.DeleteAsync(exported.Id, "?force=true");
        await Client.GoneAsync(exported.Id);
    }

    [Fact]
    public async Task A_reset_during_the_end_of_an_export_is_either_refused_or_heeded()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1000));
        for (var delay = 0; delay < 100; delay += 10)
        {
            var started = await Client.ExportAsync(imageId);
            await Task.Delay(delay);
            var answer = await Client.ResetAsync(started.Id);
            await Client.WaitAsync(started);

            Assert.Equal(answer.Status == HttpStatusCode.Accepted ? "error" : "available", await Client.StatusAsync(started.Id));
            Assert.Contains(answer.Status, new[] { HttpStatusCode.Accepted, HttpStatusCode.BadRequest });
        }
    }

    [Fact]
    public async Task The_same_key_and_body_of_an_import_answer_the_first_one_again()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1000)));
        var body = JsonSerializer.Serialize(BackupClient.ImportBody(("image_backup_id", exported.Id)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Client.SendAsync(HttpMethod.Post, "/image-backups/import_image", body, ("Idempotency-Key", "key-6"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
    }

    [Fact]
    public async Task A_hundred_concurrent_exports_succeed_in_order()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1000));

        var started = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Client.ExportAsync(imageId, ("name", $"one-of-many-{number}"))));

        var begun = new List<string>();
        foreach (var export in started.OrderBy(export => export.Id))
        {
            begun.Add((await Client.SucceedAsync(export)).GetProperty("started_at").GetString()!);
        }

        Assert.Equal(100, started.Select(export => export.Id).Distinct().Count());
        Assert.Equal(begun.Order(StringComparer.Ordinal), begun);
        Assert.Equal(100, Directory.GetFiles(Node, "one-of-many-*.ova").Length);
    }

    [Fact]
    public async Task A_repeated_idempotency_key_and_body_get_the_first_answer()
    {
        var body = BackupClient.ExportBody(await Seeds.ImageAsync(Content.Random(1000)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ExportAsync(body, "key-1")));
        var later = await ExportAsync(body, "key-1");

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Single(answers.Append(later).Select(answer => answer.Text).Distinct());
    }

    [Fact]
    public async Task A_repeated_idempotency_key_with_another_body_is_refused()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1000));
        await ExportAsync(BackupClient.ExportBody(imageId), "key-2");

        var answer = await ExportAsync(BackupClient.ExportBody(imageId, ("name", "another")), "key-2");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Idempotency-Key 'key-2' was used for another request within the last day; a new request needs a new key.", answer.Message);
    }

    [Fact]
    public async Task An_idempotency_key_expires_after_a_day()
    {
        var body = BackupClient.ExportBody(await Seeds.ImageAsync(Content.Random(1000)));
        var first = await ExportAsync(body, "key-5");
        await using (var db = Service.OpenDatabase())
        {
            var yesterday = DateTime.UtcNow.AddHours(-24.1);
            await db.IdempotencyKeys.Where(key => key.Key == "key-5").ExecuteUpdateAsync(set => set.SetProperty(key => key.CreatedAt, yesterday));
        }

        var second = await ExportAsync(body, "key-5");

        Assert.NotEqual(IdOf(first), IdOf(second));
    }

    [Fact]
    public async Task Another_idempotency_key_or_none_starts_another_export()
    {
        var body = BackupClient.ExportBody(await Seeds.ImageAsync(Content.Random(1000)));

        var answers = new[] { await ExportAsync(body, "key-3"), await ExportAsync(body, "key-4"), await Client.PostAsync("/image-backups/export_image", body) };

        Assert.Equal(3, answers.Select(IdOf).Distinct().Count());
    }

    private static int IdOf(ApiAnswer answer) => answer.Body.GetProperty("image-backup").GetProperty("backup_id").GetInt32();

    private Task<ApiAnswer> ExportAsync(object body, string key)
        => Client.SendAsync(HttpMethod.Post, "/image-backups/export_image", JsonSerializer.Serialize(body), ("Idempotency-Key", key));
}
