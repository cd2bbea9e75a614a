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
}
