using System.Diagnostics;
using ImageBackup.TestSupport;

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
    }

    private static async Task<string> EventsAsync(ServiceProcess service, StartedBackup started)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(started.TaskUri).PathAndQuery);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await service.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
