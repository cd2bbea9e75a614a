using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Archives in buckets of the embedded store: uploaded, downloaded, shared, verified and deleted.</summary>
public sealed class BucketTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private readonly byte[] content = Content.WithHoles(3 << 20, 400_000);

    [Theory]
    [InlineData("cos_bucket")]
    [InlineData("cos-bucket")]
    public async Task An_export_uploads_to_the_bucket_it_names(string field)
    {
        Bucket("named");

        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", null), (field, "named"));

        await AssertUploadedAsync(exported.Id, "named");
    }

    [Fact]
    public async Task Export_without_bucket_uses_the_bucket_of_the_node_or_cos_default()
    {
        var imageId = await Seeds.ImageAsync(content);
        Bucket("of-the-node");

        var byService = await Client.ExportedAsync(imageId, ("upload_to_cos", "True"));
        await ChangeNodeAsync(new { cos_default = "of-the-node" });
        var byNode = await Client.ExportedAsync(imageId, ("upload_to_cos", "True"));
        await ChangeNodeAsync(new { cos_default = "" });

        await AssertUploadedAsync(byService.Id, "cos-default");
        await AssertUploadedAsync(byNode.Id, "of-the-node");
    }

    [Fact]
    public async Task A_missing_bucket_is_reported_before_the_operation_starts()
    {
        var imageId = await Seeds.ImageAsync(content);
        var before = await Footprint.TakeAsync(Service, withBackups: true);

        var answer = await Client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(imageId, ("upload_to_cos", true), ("cos_bucket", "nowhere")));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Bucket 'nowhere' at the embedded store: the bucket does not exist; to create it, create a directory of that name in the directory of the store.", answer.Message);
        Assert.Equal(before, await Footprint.TakeAsync(Service, withBackups: true));
    }

    [Fact]
    public async Task A_missing_object_is_refused_at_once()
    {
        Bucket("empty");
        var before = await Footprint.TakeAsync(Service, withBackups: true);

        var answer = await Client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("cos_bucket", "empty"), ("ova_name", "none.ova")));

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("Bucket 'empty' at the embedded store: there is no object 'none.ova'.", answer.Message);
        Assert.Equal(before, await Footprint.TakeAsync(Service, withBackups: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_uploaded_backup_is_imported_by_its_id_with_and_without_its_file_on_the_node(bool isOnNode)
    {
        var exported = await UploadedAsync();
        if (!isOnNode)
        {
            File.Delete(await OvaOfAsync(exported.Id));
        }

        var restored = await Client.ImportedAsync(("image_backup_id", $"{exported.Id}"));

        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
        Assert.Equal("uploaded", await Client.StatusAsync(exported.Id));
        Assert.True(File.Exists(await OvaOfAsync(exported.Id)));
    }

    [Fact]
    public async Task A_file_on_the_node_with_another_digest_is_downloaded_again()
    {
        var exported = await UploadedAsync();
        Flip(await OvaOfAsync(exported.Id));

        var restored = await Client.ImportedAsync(("image_backup_id", exported.Id));

        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
    }

    [Fact]
    public async Task Another_instance_with_an_empty_database_imports_the_object()
    {
        var exported = await UploadedAsync();
        using var other = new ServiceFixture();
        other.Settings["ImageBackup:Cos:Directory"] = Service.Paths.Cos;
        var (client, seeds) = (new BackupClient(other), new ImageSeeds(other));

        var started = await client.ImportAsync(("cos_bucket", "cos-default"), ("ova_name", $"backup_{exported.Id}.ova"));
        await client.SucceedAsync(started);

        var record = await client.ShowAsync(started.Id);
        Assert.Equal([content], await seeds.ContentsOfAsync(record.GetProperty("image_id").GetString()!));
        Assert.Equal("available", record.GetProperty("status").GetString());

        // The object belongs to the first backup, so the deletion of the second keeps it.
        await client.DeletedAsync(started.Id);
        Assert.True(File.Exists(Path.Combine(Service.Paths.Cos, "cos-default", $"backup_{exported.Id}.ova")));
    }

    [Fact]
    public async Task A_gzipped_archive_is_imported_from_a_bucket()
    {
        var exported = await UploadedAsync();
        var plain = Path.Combine(Bucket("gzipped"), "whole.ova");
        File.Copy(await OvaOfAsync(exported.Id), plain);
        await Tool.RunAsync("gzip", plain);

        var restored = await Client.ImportedAsync(("cos_bucket", "gzipped"), ("ova_name", "whole.ova.gz"));

        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
    }

    [Fact]
    public async Task A_downloaded_archive_never_replaces_another_file_on_the_node()
    {
        var exported = await UploadedAsync();
        var ova = await OvaOfAsync(exported.Id);
        var mine = Content.Random(100);
        await File.WriteAllBytesAsync(ova, mine);

        var started = await Client.ImportAsync(("cos_bucket", "cos-default"), ("ova_name", Path.GetFileName(ova)));
        await Client.SucceedAsync(started);

        Assert.Equal(mine, await File.ReadAllBytesAsync(ova));
        Assert.Matches($"^backup_{exported.Id}-[0-9a-f]{{8}}_{started.Id}\\.ova$", Path.GetFileName(await OvaOfAsync(started.Id)));
    }

    [Fact]
    public async Task A_backup_whose_upload_failed_is_imported_by_its_id_and_uploaded_later()
    {
        Service.Fail("upload_ova_*", 0.5);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        await Client.WaitAsync(started);
        Assert.Equal("upload_failed", await Client.StatusAsync(started.Id));

        var restored = await Client.ImportedAsync(("image_backup_id", started.Id));
        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
        Assert.Equal("upload_failed", await Client.StatusAsync(started.Id));

        await Client.SucceedAsync(await Client.BeginAsync(started.Id, "upload"));
        await AssertUploadedAsync(started.Id, "cos-default");
        Assert.Equal(JsonValueKind.Null, (await Client.ShowAsync(started.Id)).GetProperty("fail_reason").ValueKind);
    }

    [Fact]
    public async Task A_backup_whose_download_failed_is_imported_by_its_id_later()
    {
        var exported = await UploadedAsync();
        File.Delete(await OvaOfAsync(exported.Id));
        Service.Fail("download_ova_*", 0.5);
        await Client.WaitAsync(await Client.ImportAsync(("image_backup_id", exported.Id)));
        Assert.Equal("download_failed", await Client.StatusAsync(exported.Id));

        var restored = await Client.ImportedAsync(("image_backup_id", exported.Id));

        Assert.Equal([content], await Seeds.ContentsOfAsync(restored));
        Assert.Equal("uploaded", await Client.StatusAsync(exported.Id));
    }

    [Theory]
    [InlineData("GET", "?cos_bucket=other", null)]
    [InlineData("POST", "", """{"cos_bucket":"other"}""")]
    [InlineData("POST", "", """{"image-backup":{"cos_bucket":"other"}}""")]
    public async Task An_upload_to_another_bucket_moves_the_object(string method, string query, string? body)
    {
        Bucket("other");
        var exported = await UploadedAsync();

        var answer = await Client.SendAsync(new HttpMethod(method), $"/image-backups/{exported.Id}/upload{query}", body);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var backup = answer.Body.GetProperty("image-backup");
        var started = new StartedBackup(backup.GetProperty("backup_id").GetInt32(), backup.GetProperty("task_uri").GetString()!);
        Assert.Contains("get_progress?action=upload&", started.TaskUri, StringComparison.Ordinal);
        await Client.SucceedAsync(started);
        await AssertUploadedAsync(exported.Id, "other");
        Assert.False(File.Exists(Path.Combine(Service.Paths.Cos, "cos-default", $"backup_{exported.Id}.ova")));
    }

    [Fact]
    public async Task A_download_copies_the_archive_to_the_named_node()
    {
        var registration = new { backup_nodes = new { registration = new { access_ip = "9.1.2.4", display_name = "Second", backup_node_id = "second" } } };
        await Client.PostAsync("/backup-nodes", registration);
        var exported = await UploadedAsync();

        await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "download", new { backup_host = "second" }));

        var record = await Client.ShowAsync(exported.Id);
        Assert.Equal("uploaded", record.GetProperty("status").GetString());
        Assert.Equal("second", record.GetProperty("backup_host").GetString());
        var ova = Path.Combine(Service.Paths.BackupNode("second"), record.GetProperty("ova_name").GetString()!);
        Assert.Equal((await Tool.RunAsync("sha256sum", ova)).Split(' ')[0], record.GetProperty("ova_sha256").GetString());
        Assert.Equal([content], await Seeds.ContentsOfAsync(await Client.ImportedAsync(("image_backup_id", exported.Id))));
    }

    [Theory]
    [InlineData(true, "uploaded")]
    [InlineData(false, "uploaded")]
    public async Task An_intact_archive_is_verified_in_place(bool isOnNode, string status)
    {
        var exported = await UploadedAsync();
        if (!isOnNode)
        {
            File.Delete(await OvaOfAsync(exported.Id));
        }

        var before = await Footprint.TakeAsync(Service);
        var details = await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "verify"));

        var record = await Client.ShowAsync(exported.Id);
        var result = details.GetProperty("task_results").GetProperty($"verify_ova_{exported.Id}");
        Assert.Equal(record.GetProperty("ova_sha256").GetString(), result.GetProperty("sha256").GetString());
        Assert.Equal(status, record.GetProperty("status").GetString());
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Theory]
    [InlineData("True")]
    [InlineData("Fast")]
    [InlineData("False")]
    public async Task Verification_finds_a_flipped_bit_and_names_the_member(string compression)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("compression", compression));
        Flip(await OvaOfAsync(exported.Id));
        var before = await Footprint.TakeAsync(Service);

        var details = await Client.WaitAsync(await Client.BeginAsync(exported.Id, "verify"));

        Assert.Equal("REVERTED", States(details, "flow_details")["VerifyFlow"]);
        var record = await Client.ShowAsync(exported.Id);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.Contains("Image_test-image_volume_1", record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Theory]
    [InlineData("True", true)]
    [InlineData("Fast", true)]
    [InlineData("False", true)]
    [InlineData("True", false)]
    [InlineData("False", false)]
    public async Task An_archive_with_a_flipped_bit_never_becomes_an_image(string compression, bool byId)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("compression", compression));
        var ova = await OvaOfAsync(exported.Id);
        Flip(ova);
        var before = await Footprint.TakeAsync(Service);

        var started = await Client.ImportAsync(byId ? ("image_backup_id", exported.Id) : ("ova_name", Path.GetFileName(ova)));
        await Client.WaitAsync(started);

        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.Contains("Image_test-image_volume_1", record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task An_object_with_a_flipped_bit_is_refused()
    {
        var exported = await UploadedAsync();
        File.Delete(await OvaOfAsync(exported.Id));
        Flip(Path.Combine(Service.Paths.Cos, "cos-default", $"backup_{exported.Id}.ova"));
        var before = await Footprint.TakeAsync(Service);

        await Client.WaitAsync(await Client.ImportAsync(("image_backup_id", exported.Id)));

        Assert.Equal("download_failed", await Client.StatusAsync(exported.Id));
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task Deleting_a_backup_deletes_its_object_and_its_file()
    {
        var imageId = await Seeds.ImageAsync(content);
        var before = await Footprint.TakeAsync(Service);
        var exported = await Client.ExportedAsync(imageId, ("upload_to_cos", true));

        await Client.DeletedAsync(exported.Id);

        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task A_deletion_that_cannot_reach_the_bucket_fails_and_keeps_the_record()
    {
        var bucket = Bucket("away");
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true), ("cos_bucket", "away"));
        Directory.Move(bucket, bucket + "-moved");

        await Client.DeleteAsync(exported.Id);
        await Polling.UntilAsync("the failure", async () => await Client.StatusAsync(exported.Id) == "error");

        Assert.StartsWith($"delete_object_{exported.Id}: Bucket 'away' at ", (await Client.ShowAsync(exported.Id)).GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Directory.Move(bucket + "-moved", bucket);
        await Client.DeletedAsync(exported.Id);
        Assert.Empty(Directory.GetFiles(bucket));
    }

    private async Task<StartedBackup> UploadedAsync() => await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));

    private string Bucket(string name) => Directory.CreateDirectory(Path.Combine(Service.Paths.Cos, name)).FullName;

    private async Task ChangeNodeAsync(object registration)
    {
        var answer = await Client.SendAsync(HttpMethod.Put, "/backup-nodes/local", new { backup_nodes = new { registration } });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private async Task AssertUploadedAsync(int id, string bucket)
    {
        var record = await Client.ShowAsync(id);
        Assert.Equal("uploaded", record.GetProperty("status").GetString());
        Assert.Equal(bucket, record.GetProperty("cos_bucket").GetString());
        var stored = Path.Combine(Service.Paths.Cos, bucket, record.GetProperty("cos_object").GetString()!);
        Assert.Equal(await File.ReadAllBytesAsync(await OvaOfAsync(id)), await File.ReadAllBytesAsync(stored));
    }

    /// <summary>Flips one bit in the middle of an archive, inside its volume.</summary>
    private static void Flip(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 0x10));
    }
}
