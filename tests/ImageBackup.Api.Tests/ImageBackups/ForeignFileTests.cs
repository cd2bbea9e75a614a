using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>An operation never replaces, loses or exposes a file of another backup on the node.</summary>
public sealed class ForeignFileTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private readonly byte[] content = Content.Random(2 << 20);

    [Fact]
    public async Task An_export_does_not_replace_a_file_with_the_name_of_its_archive()
    {
        var image = await Seeds.ImageAsync(content);
        var next = (await Client.ExportedAsync(image, ("name", "first"))).Id + 1;
        var foreign = Path.Combine(Node, $"nightly_{next}.ova");
        await File.WriteAllTextAsync(foreign, "from another service");

        var exported = await Client.ExportedAsync(image, ("name", "nightly"));

        Assert.Equal("from another service", await File.ReadAllTextAsync(foreign));
        Assert.Equal([content], await Seeds.ContentsOfAsync(await Client.ImportedAsync(("image_backup_id", exported.Id))));
    }

    [Fact]
    public async Task A_reset_during_the_comparison_keeps_the_file_on_the_node()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        var stalled = Service.Stall("download_ova_*", 0.5);
        var started = await Client.ImportAsync(("image_backup_id", exported.Id));
        await stalled.StruckAsync();

        await Client.ResetAsync(exported.Id);
        await Client.WaitAsync(started);

        Assert.True(File.Exists(await OvaOfAsync(exported.Id)));
    }

    [Fact]
    public async Task A_download_to_a_node_with_another_archive_of_that_name_is_refused()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        await Client.PostAsync("/backup-nodes", new { backup_nodes = new { registration = new { access_ip = "10.0.0.9", user_id = "u", password = "p", display_name = "other", backup_node_id = "other" } } });
        var there = Path.Combine(Service.Paths.BackupNode("other"), Path.GetFileName(await OvaOfAsync(exported.Id)));
        await File.WriteAllTextAsync(there, "another archive");

        var answer = await Client.PostAsync($"/image-backups/{exported.Id}/download", new { backup_host = "other" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("another archive", await File.ReadAllTextAsync(there));
        Assert.Equal("uploaded", await Client.StatusAsync(exported.Id));
    }

    [Fact]
    public async Task An_archive_of_another_project_is_found_neither_on_the_node_nor_in_the_bucket()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        var file = Path.GetFileName(await OvaOfAsync(exported.Id));

        foreach (var fields in new (string, object?)[][] { [("ova_name", file)], [("ova_name", file), ("cos_bucket", "cos-default")] })
        {
            using var body = System.Net.Http.Json.JsonContent.Create(BackupClient.ImportBody(fields));
            using var answer = await Service.Client.PostAsync(new Uri("/v3/0123456789abcdef0123456789abcdef/image-backups/import_image", UriKind.Relative), body);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Deleting_the_record_of_an_archive_that_was_found_on_the_node_keeps_the_file(bool isDiscovered, bool isUploaded)
    {
        var file = await PutArchiveAsync($"found-{isDiscovered}-{isUploaded}.ova");
        var id = isDiscovered
            ? (await Client.DiscoveredAsync("local")).GetProperty("added")[0].GetProperty("backup_id").GetInt32()
            : (await ImportedAsync(("ova_name", Path.GetFileName(file)))).Id;
        if (isUploaded)
        {
            await Client.SucceedAsync(await Client.BeginAsync(id, "upload", new { cos_bucket = "cos-default" }));
        }

        await Client.DeletedAsync(id);

        Assert.True(File.Exists(file));
        Assert.False(File.Exists(Path.Combine(Service.Paths.Cos, "cos-default", Path.GetFileName(file))));
        File.Delete(file);
    }

    [Fact]
    public async Task A_forced_deletion_during_an_import_keeps_the_archive_that_was_found_on_the_node()
    {
        var file = await PutArchiveAsync("forced.ova");
        var stalled = Service.Stall("restore_*", 0.5);
        var started = await Client.ImportAsync(("ova_name", "forced.ova"));
        await stalled.StruckAsync();

        await Client.DeleteAsync(started.Id, "?force=true");
        await Client.GoneAsync(started.Id);

        Assert.True(File.Exists(file));
        File.Delete(file);
    }

    [Fact]
    public async Task Deleting_a_backup_deletes_the_archive_that_the_service_downloaded()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        var name = Path.GetFileName(await OvaOfAsync(exported.Id));
        File.Delete(Path.Combine(Node, name));
        var imported = await ImportedAsync(("ova_name", name), ("cos_bucket", "cos-default"));
        var downloaded = await OvaOfAsync(imported.Id);
        var wasThere = File.Exists(downloaded);

        await Client.DeletedAsync(imported.Id);

        Assert.True(wasThere);
        Assert.False(File.Exists(downloaded));
    }

    [Fact]
    public async Task Deleting_a_backup_keeps_a_file_that_replaced_its_archive()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content));
        var file = await OvaOfAsync(exported.Id);
        await File.WriteAllTextAsync(file, "put here by somebody");

        await Client.DeletedAsync(exported.Id);

        Assert.Equal("put here by somebody", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Deleting_the_record_of_a_raw_disk_keeps_the_disk()
    {
        var disk = Path.Combine(Node, "disk.raw");
        await File.WriteAllBytesAsync(disk, content);
        var started = await Client.ImportAsync(("ova_name", "disk.raw"), ("import_from_raw_file", true), ("os_type", "aix"), ("architecture", "ppc64"));
        await Client.SucceedAsync(started);

        await Client.DeletedAsync(started.Id);

        Assert.True(File.Exists(disk));
    }

    /// <summary>An archive on the node that the service does not know.</summary>
    private async Task<string> PutArchiveAsync(string name)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content));
        var file = Path.Combine(Node, name);
        File.Copy(await OvaOfAsync(exported.Id), file);
        return file;
    }

    private async Task<StartedBackup> ImportedAsync(params (string Name, object? Value)[] fields)
    {
        var started = await Client.ImportAsync(fields);
        await Client.SucceedAsync(started);
        return started;
    }
}
