using System.Net;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>A wrong or missing mount in the place of a shared directory.</summary>
public sealed class MountTests
{
    [Theory]
    [InlineData("volumes", "")]
    [InlineData("volumes", "another")]
    [InlineData("backup-nodes/local", "")]
    [InlineData("backup-nodes/local", "another")]
    public async Task A_worker_does_not_start_on_another_directory(string name, string content)
    {
        await using var cluster = await Cluster.CreateAsync();
        await (await cluster.StartAsync("one")).TerminateAsync();
        var marker = Path.Combine(cluster.Data, name, DirectoryMarkers.FileName);
        var expected = (await File.ReadAllTextAsync(marker)).Trim();
        await MountAsync(marker, content);

        using var worker = cluster.Launch("one", "worker");
        await worker.WaitForEndAsync(TimeSpan.FromMinutes(1));

        var found = content.Length > 0 ? $"contains {content}" : "is missing";
        Assert.Equal(2, worker.ExitCode);
        Assert.Contains($"The service cannot use the data directory {cluster.Data}: The directory {name} is not the one of this database: {DirectoryMarkers.FileName} in it {found}, expected is {expected}.", worker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_waits_until_the_directory_of_its_node_is_back()
    {
        await using var cluster = await Cluster.CreateAsync();
        var api = await cluster.StartAsync("front", "api");
        var worker = await cluster.StartAsync("worker", "worker");
        var client = new BackupClient(api);
        var marker = Path.Combine(cluster.Node, DirectoryMarkers.FileName);
        var expected = await File.ReadAllTextAsync(marker);
        await client.SendAsync(HttpMethod.Put, "/os-services/disable", new { binary = "cinder-backup", host = "worker" });
        var started = await client.ExportAsync(Cluster.DemoImage);
        await MountAsync(marker, "");

        await client.SendAsync(HttpMethod.Put, "/os-services/enable", new { binary = "cinder-backup", host = "worker" });
        await Cluster.LoggedAsync(worker, "The directory backup-nodes/local is not the one of this database");
        var refused = await client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(Cluster.DemoImage));
        var health = (await client.GetAsync("/backup-nodes/local/health")).Body.GetProperty("health");

        Assert.Equal("creating_backup", await client.StatusAsync(started.Id));
        Assert.Equal([], cluster.NodeEntries());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.StartsWith("Backup node local is down: The directory backup-nodes/local is not the one of this database", refused.Message, StringComparison.Ordinal);
        Assert.Equal("down", health.GetProperty("status").GetString());

        await MountAsync(marker, expected);
        await client.SucceedAsync(started);
    }

    [Fact]
    public async Task A_volume_is_not_forgotten_while_its_directory_is_away()
    {
        await using var cluster = await Cluster.CreateAsync();
        var client = new BackupClient(await cluster.StartAsync("front", "api"));
        var id = (await client.PostAsync("/volumes", new { volume = new { size = 1 } })).Body.GetProperty("volume").GetProperty("id").GetString();
        var marker = Path.Combine(cluster.Data, "volumes", DirectoryMarkers.FileName);
        var expected = await File.ReadAllTextAsync(marker);
        await MountAsync(marker, "");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.SendAsync(HttpMethod.Delete, $"/volumes/{id}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/volumes/{id}")).Status);

        await MountAsync(marker, expected);
        Assert.Equal(HttpStatusCode.Accepted, (await client.SendAsync(HttpMethod.Delete, $"/volumes/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/volumes/{id}")).Status);
    }

    [Fact]
    public async Task A_directory_of_another_database_is_refused()
    {
        await using var cluster = await Cluster.CreateAsync();
        Directory.CreateDirectory(Path.Combine(cluster.Data, "volumes"));
        await MountAsync(Path.Combine(cluster.Data, "volumes", DirectoryMarkers.FileName), "theirs");

        using var service = cluster.Launch("one", "all");
        await service.WaitForEndAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, service.ExitCode);
        Assert.Contains("The directory volumes belongs to another database: .imagebackup-directory in it contains theirs, expected is no such file.", service.Log, StringComparison.Ordinal);
    }

    private static async Task MountAsync(string marker, string content)
    {
        File.Delete(marker);
        if (content.Length > 0)
        {
            await File.WriteAllTextAsync(marker, content);
        }
    }
}
