using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>No answer names a directory of the server, whatever goes wrong there.</summary>
public sealed class ServerDirectoryTests(ServerDirectoryTests.BlankService service) : FlowTest(service), IClassFixture<ServerDirectoryTests.BlankService>
{
    private string Bucket => Path.Combine(Service.Paths.Cos, "cos-default");

    [Fact]
    public async Task Refusals_name_no_directory()
    {
        Directory.CreateDirectory(Path.Combine(Node, "folder.ova"));
        await File.WriteAllTextAsync(Path.Combine(Node, "text.ova"), "no archive", TestContext.Current.CancellationToken);
        await Tool.RunAsync("mkfifo", Path.Combine(Node, "pipe.ova"));
        await Tool.RunAsync("mkfifo", Path.Combine(Bucket, "pipe.ova"));
        Directory.CreateDirectory(Path.Combine(Bucket, "folder.ova"));
        File.CreateSymbolicLink(Path.Combine(Bucket, "link.ova"), "/etc/passwd");
        var image = await Seeds.ImageAsync(Content.Random(1 << 16));

        foreach (var name in (string[])["folder.ova", "pipe.ova", "missing.ova", "../local/x.ova", "link.ova"])
        {
            await IsSilentAsync(Client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("ova_name", name))), mustFail: true);
            await IsSilentAsync(Client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("ova_name", name), ("import_from_raw_file", true))), mustFail: true);
            await IsSilentAsync(Client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("ova_name", name), ("cos_bucket", "cos-default"))), mustFail: true);
        }

        foreach (var bucket in (string[])["nowhere", "..", "a/b", ".imagebackup"])
        {
            await IsSilentAsync(Client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(image, ("upload_to_cos", true), ("cos_bucket", bucket))), mustFail: true);
        }

        await IsSilentAsync(Client.SendAsync(HttpMethod.Put, "/backup-nodes/local/discover"), mustFail: false);
        await IsSilentAsync(Client.GetAsync("/healthcheck/ready"), mustFail: false);
    }

    [Fact]
    public async Task Failed_operations_name_no_directory()
    {
        var content = Content.Random(1 << 20);
        var lost = await Seeds.ImageAsync(content);
        File.Delete(await Seeds.BootFileOfAsync(lost));
        await IsSilentAsync(Client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(lost)), mustFail: true);

        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        var ova = await OvaOfAsync(exported.Id);
        await File.WriteAllTextAsync(Path.Combine(Bucket, $"{Path.GetFileName(ova)}.sha256"), "no digest", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Bucket, "foreign.ova"), "no archive", TestContext.Current.CancellationToken);
        await FailsAsync(await Client.ImportAsync(("ova_name", "foreign.ova"), ("cos_bucket", "cos-default")));

        File.Delete(ova);
        Directory.CreateDirectory(ova);
        await FailsAsync(await Client.BeginAsync(exported.Id, "download"));
    }

    [Fact]
    public async Task A_node_that_is_down_and_a_full_directory_name_no_directory()
    {
        var image = await Seeds.ImageAsync(Content.Random(1 << 16));
        Directory.Move(Node, $"{Node}-away");

        await IsSilentAsync(Client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(image)), mustFail: true);
        await IsSilentAsync(Client.SendAsync(HttpMethod.Put, "/backup-nodes/local/discover"), mustFail: true);

        Directory.Move($"{Node}-away", Node);
    }

    private async Task FailsAsync(StartedBackup started)
    {
        await Client.WaitAsync(started);
        Assert.NotNull((await Client.ShowAsync(started.Id)).GetProperty("fail_reason").GetString());
        await IsSilentAsync(Client.GetAsync($"/image-backups/{started.Id}"), mustFail: false);
        await IsSilentAsync(Client.GetAsync(new Uri(started.TaskUri).PathAndQuery + "&details=true"), mustFail: false);
    }

    private async Task IsSilentAsync(Task<ApiAnswer> request, bool mustFail)
    {
        var answer = await request;
        Assert.True(!mustFail || (int)answer.Status >= 400, answer.Text);
        Assert.NotEqual(500, (int)answer.Status);
        Assert.DoesNotContain(Service.DataDirectory, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("backup-nodes/local/", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/tmp/", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("of the service", answer.Text, StringComparison.Ordinal);
    }

    /// <summary>A service whose data directory has blanks in its name.</summary>
    public sealed class BlankService : ServiceFixture
    {
        protected override string DataDirectoryName => "data of the service";
    }
}
