using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>A network between a worker and the database that is interrupted.</summary>
public sealed class NetworkTests
{
    [Fact]
    public async Task A_worker_runs_what_it_has_claimed_though_the_answer_to_the_commit_was_lost()
    {
        await using var cluster = await Cluster.CreateAsync();
        await using var network = cluster.Server.Network();
        var client = new BackupClient(await cluster.StartAsync("front", "api"));
        await cluster.StartAsync("worker", "worker", network);
        var isClaiming = false;
        network.LoseAnswerTo(sent => (isClaiming |= sent.Contains("nextval('fences')", StringComparison.Ordinal)) && sent.Contains("COMMIT\0", StringComparison.Ordinal));

        await client.ExportedAsync(Cluster.DemoImage);

        Assert.Equal(1, network.Cuts);
        await using var db = cluster.Open();
        Assert.Equal(1, await db.Database.SqlQuery<long>($"SELECT last_value AS \"Value\" FROM fences").SingleAsync());
    }

    [Fact]
    public async Task A_worker_that_is_cut_off_for_a_moment_goes_on()
    {
        await using var cluster = await Cluster.CreateAsync();
        cluster.Settings["ImageBackup:Cluster:LeaseSeconds"] = "30";
        await using var network = cluster.Server.Network();
        var client = new BackupClient(await cluster.StartAsync("front", "api"));
        var worker = await cluster.StartAsync("worker", "worker", network);
        await worker.AddFaultAsync(new { task = "backup_vol_*", at = 0, action = "throttle", bytes_per_second = 16 << 20 });
        var started = await client.ExportAsync(Cluster.DemoImage);
        await RunningAsync(cluster);

        network.Stall();
        await Task.Delay(TimeSpan.FromSeconds(5));
        network.Restore();

        await client.SucceedAsync(started);
        await using var db = cluster.Open();
        Assert.All(await db.Tasks.ToListAsync(), task => Assert.Equal(1, task.Attempt));
    }

    [Fact]
    public async Task A_worker_that_is_cut_off_stops_its_operations_before_another_worker_takes_them()
    {
        await using var cluster = await Cluster.CreateAsync();
        await using var network = cluster.Server.Network();
        var client = new BackupClient(await cluster.StartAsync("front", "api"));
        var first = await cluster.StartAsync("first", "worker", network);
        await first.AddFaultAsync(new { task = "backup_vol_*", at = 0, action = "throttle", bytes_per_second = 1 << 20 });
        var started = await client.ExportAsync(Cluster.DemoImage);
        await RunningAsync(cluster);
        await cluster.StartAsync("second", "worker");

        network.Stall();
        await using var db = cluster.Open();
        await Polling.UntilAsync("the takeover", () => db.LogBooks.AnyAsync(book => book.Fence > 1));
        Assert.Contains("was left to another worker", first.Log, StringComparison.Ordinal);
        await client.SucceedAsync(started);

        var before = await cluster.SnapshotAsync();
        network.Restore();
        await Cluster.LoggedAsync(first, "could not extend its lease in time");
        Assert.Equal(before, await cluster.SnapshotAsync());
        await client.ExportedAsync(Cluster.DemoImage);
    }

    [Fact]
    public async Task A_reset_reaches_a_worker_whose_notifications_are_lost()
    {
        await using var cluster = await Cluster.CreateAsync();
        var client = new BackupClient(await cluster.StartAsync("front", "api"));
        var worker = await cluster.StartAsync("worker", "worker");
        await worker.AddFaultAsync(new { task = "backup_vol_*", at = 0.5, action = "stall" });
        var started = await client.ExportAsync(Cluster.DemoImage);
        await RunningAsync(cluster);

        await using var db = cluster.Open();
        await db.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");
        await client.ResetAsync(started.Id);

        Assert.Equal("REVERTED", (await client.WaitAsync(started)).GetProperty("flow_details").GetProperty("ExportFlow").GetString());
        Assert.Empty(cluster.NodeEntries());
    }

    private static async Task RunningAsync(Cluster cluster)
    {
        await using var db = cluster.Open();
        await Polling.UntilAsync("the task", () => db.Tasks.AnyAsync(task => task.State == TaskState.Running && task.Name.StartsWith("backup_vol_")));
    }
}
