using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>How the worker chooses among the operations that wait: fair between projects, within the limits of nodes and projects, and not while it is disabled.</summary>
public sealed class FairShareTests : IDisposable
{
    private const string One = ServiceFixture.ProjectId;
    private const string Two = "0f0e0d0c0b0a09080706050403020100";
    private const string Three = "1f0e0d0c0b0a09080706050403020100";

    private readonly ServiceFixture service = new();
    private readonly BackupClient client;
    private readonly ImageSeeds seeds;

    public FairShareTests() => (client, seeds) = (new BackupClient(service), new ImageSeeds(service));

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task One_slot_goes_round_the_projects_that_wait()
    {
        service.Settings["ImageBackup:Flows:MaxConcurrent"] = "1";
        var image = await PublicImageAsync();
        await SetWorkerAsync("disable");
        var started = await ExportEachAsync(image, One, One, One, Two, Two, Three);

        await SetWorkerAsync("enable");

        List<string> begun = [];
        foreach (var export in started)
        {
            begun.Add((await client.SucceedAsync(export)).GetProperty("started_at").GetString()!);
        }

        int[] order = [.. Enumerable.Range(0, started.Count).OrderBy(number => begun[number], StringComparer.Ordinal)];
        Assert.Equal([0, 3, 5, 1, 4, 2], order);
    }

    [Fact]
    public async Task The_project_with_fewer_running_operations_goes_first()
    {
        service.Settings["ImageBackup:Flows:MaxConcurrent"] = "2";
        var image = await PublicImageAsync();
        var first = await StalledAsync(image, One);
        await SetWorkerAsync("disable");
        var waiting = await ExportEachAsync(image, One, Two);
        var stall = service.Stall("backup_vol_*", 0);

        await SetWorkerAsync("enable");
        await stall.StruckAsync();

        var begun = await Task.WhenAll(new[] { first, waiting[0], waiting[1] }.Select(HasBegunAsync));
        Assert.Equal([true, false, true], begun);
    }

    [Theory]
    [InlineData("MaxPerProject")]
    [InlineData("MaxPerNode")]
    public async Task A_limit_keeps_slots_free(string limit)
    {
        service.Settings["ImageBackup:Flows:MaxConcurrent"] = "4";
        service.Settings[$"ImageBackup:Flows:{limit}"] = "2";
        var image = await PublicImageAsync();
        await client.PostAsync("/backup-nodes", """{"backup_nodes": {"registration": {"access_ip": "127.0.0.2", "display_name": "Another node", "backup_node_id": "another"}}}""");
        StartedBackup[] started = [await StalledAsync(image, One), await StalledAsync(image, One), await ExportAsync(image, One)];

        // The end of this one shows that the queue was looked at after the third export.
        await client.SucceedAsync(await ExportAsync(image, Two, ("backup_host", "another")));

        var begun = await Task.WhenAll(started.Select(HasBegunAsync));
        Assert.Equal([true, true, false], begun);
        service.ClearFaults();
        foreach (var export in started)
        {
            await client.SucceedAsync(export);
        }
    }

    [Fact]
    public async Task A_disabled_worker_finishes_what_it_has_and_takes_nothing_new_also_after_a_restart()
    {
        var image = await PublicImageAsync();
        var running = await StalledAsync(image, One);

        await SetWorkerAsync("disable");
        var waiting = await ExportAsync(image, One);
        service.ClearFaults();
        await client.SucceedAsync(running);
        await service.RestartAsync();

        Assert.False(await HasBegunAsync(waiting));
        await SetWorkerAsync("enable");
        await client.SucceedAsync(waiting);
    }

    private Task<string> PublicImageAsync() => seeds.ImageAsync(Content.Random(1000), "public", ("visibility", "public"));

    private async Task<StartedBackup> ExportAsync(string image, string project, params (string Name, object? Value)[] fields)
    {
        var answer = await client.PostAsync($"/v3/{project}/image-backups/export_image", BackupClient.ExportBody(image, fields));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        var backup = answer.Body.GetProperty("image-backup");
        return new StartedBackup(backup.GetProperty("backup_id").GetInt32(), backup.GetProperty("task_uri").GetString()!);
    }

    private async Task<List<StartedBackup>> ExportEachAsync(string image, params string[] projects)
    {
        List<StartedBackup> started = [];
        foreach (var project in projects)
        {
            started.Add(await ExportAsync(image, project));
        }

        return started;
    }

    private async Task<StartedBackup> StalledAsync(string image, string project)
    {
        var stall = service.Stall("backup_vol_*", 0);
        var started = await ExportAsync(image, project);
        await stall.StruckAsync();
        return started;
    }

    private async Task<bool> HasBegunAsync(StartedBackup started) => (await client.ProgressAsync(started, withDetails: true)).TryGetProperty("started_at", out _);

    private async Task SetWorkerAsync(string verb)
    {
        var worker = (await client.GetAsync("/os-services")).Body.GetProperty("services").EnumerateArray().Single();
        var answer = await client.SendAsync(HttpMethod.Put, $"/os-services/{verb}", new { binary = "cinder-backup", host = worker.GetProperty("host").GetString() });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }
}
