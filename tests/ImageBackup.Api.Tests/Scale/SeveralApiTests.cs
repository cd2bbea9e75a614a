using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>Requests to processes other than the one that runs the operation.</summary>
public sealed class SeveralApiTests
{
    [Fact]
    public async Task Progress_events_reset_and_forced_deletion_reach_another_process()
    {
        await using var cluster = await Cluster.CreateAsync();
        var front = await cluster.StartAsync("front", "api");
        var back = await cluster.StartAsync("back", "api");
        var worker = await cluster.StartAsync("worker", "worker");
        var (one, other) = (new BackupClient(front), new BackupClient(back));
        await worker.AddFaultAsync(new { task = "backup_vol_*", at = 0.5, action = "throttle", bytes_per_second = 1 << 20 });

        var started = await one.ExportAsync(Cluster.DemoImage);
        await Polling.UntilAsync("bytes in the other process", async () => (await other.ProgressAsync(started, withDetails: true)).GetProperty("tasks").EnumerateArray()
            .Any(task => task.GetProperty("state").GetString() == "RUNNING" && task.GetProperty("bytes_done").GetInt64() > 0));
        var events = EventsAsync(back, started);
        var clock = Stopwatch.StartNew();
        await other.ResetAsync(started.Id);
        var details = await one.WaitAsync(started);
        clock.Stop();

        Assert.Equal("REVERTED", details.GetProperty("flow_details").GetProperty("ExportFlow").GetString());
        Assert.Equal("error", await one.StatusAsync(started.Id));
        Assert.Contains("event: end", await events, StringComparison.Ordinal);
        Assert.Empty(cluster.NodeEntries());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"The reset took {clock.Elapsed}.");

        var again = await one.ExportAsync(Cluster.DemoImage);
        await Polling.UntilAsync("the start", async () => (await other.ProgressAsync(again)).GetProperty("flow_details").GetProperty("ExportFlow").GetString() == "RUNNING");
        await other.DeleteAsync(again.Id, "?force=true");
        await one.GoneAsync(again.Id);
        Assert.Empty(cluster.NodeEntries());
    }

    [Fact]
    public async Task A_worker_runs_the_operations_of_its_nodes_only()
    {
        await using var cluster = await Cluster.CreateAsync();
        var api = await cluster.StartAsync("front", "api");
        cluster.Settings["ImageBackup:Cluster:Nodes:1"] = "elsewhere";
        await cluster.StartAsync("worker", "worker");
        var client = new BackupClient(api);
        await client.PostAsync("/backup-nodes", new { backup_nodes = new { registration = new { access_ip = "127.0.0.9", display_name = "Other", backup_node_id = "other" } } });

        var here = await client.ExportAsync(Cluster.DemoImage);
        var there = await client.ExportAsync(Cluster.DemoImage, ("backup_host", "other"));
        await client.SucceedAsync(here);
        await Task.Delay(TimeSpan.FromSeconds(2));

        Assert.Equal("PENDING", (await client.ProgressAsync(there)).GetProperty("flow_details").GetProperty("ExportFlow").GetString());

        // An operation that waits for a worker can be stopped, and a later one runs as soon as the node has a worker.
        Assert.Equal(HttpStatusCode.Accepted, (await client.ResetAsync(there.Id)).Status);
        Assert.Equal("error", await client.StatusAsync(there.Id));
        var later = await client.ExportAsync(Cluster.DemoImage, ("backup_host", "other"));
        cluster.Settings["ImageBackup:Cluster:Nodes:1"] = "other";
        await cluster.StartAsync("second", "worker");
        await client.SucceedAsync(later);
    }

    [Fact]
    public async Task A_reset_during_the_end_of_an_export_is_either_refused_or_heeded()
    {
        await using var cluster = await Cluster.CreateAsync();
        var front = await cluster.StartAsync("front", "api");
        var clients = new[] { new BackupClient(front), new BackupClient(await cluster.StartAsync("back", "api")) };
        await cluster.StartAsync("worker", "worker");
        var image = await Cluster.ImageAsync(front, Content.Random(1000));
        for (var i = 0; i < 15; i++)
        {
            var started = await clients[0].ExportAsync(image);
            await Task.Delay(i * 10);
            var answers = await Task.WhenAll(clients.Select(client => client.ResetAsync(started.Id)));
            var details = await clients[1].WaitAsync(started);

            Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Accepted, HttpStatusCode.BadRequest }));
            var isReset = answers.Any(answer => answer.Status == HttpStatusCode.Accepted);
            Assert.Equal((isReset ? "error" : "available", isReset ? "REVERTED" : "SUCCESS"), (await clients[0].StatusAsync(started.Id), details.GetProperty("flow_details").GetProperty("ExportFlow").GetString()));
        }
    }

    [Fact]
    public async Task Equal_idempotency_keys_in_two_processes_start_one_operation()
    {
        await using var cluster = await Cluster.CreateAsync();
        var front = await cluster.StartAsync("front", "api");
        var clients = new[] { new BackupClient(front), new BackupClient(await cluster.StartAsync("back", "api")) };
        var body = JsonSerializer.Serialize(BackupClient.ExportBody(await Cluster.ImageAsync(front, Content.Random(1000))));
        for (var i = 0; i < 10; i++)
        {
            var answers = await Task.WhenAll(clients.Concat(clients).Select(client => client.SendAsync(HttpMethod.Post, "/image-backups/export_image", body, ("Idempotency-Key", $"key-{i}"))));

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
            Assert.Single(answers.Select(answer => answer.Body.GetProperty("image-backup").GetProperty("backup_id").GetInt32()).Distinct());
        }

        await using var db = cluster.Open();
        Assert.Equal(10, await db.Backups.CountAsync());
    }

    private static async Task<string> EventsAsync(ServiceProcess service, StartedBackup started)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(started.TaskUri).PathAndQuery);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await service.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
