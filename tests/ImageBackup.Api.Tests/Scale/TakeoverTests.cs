using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>Operations that go on at another process: after SIGKILL, and after SIGSTOP, when the first process wakes up later.</summary>
public sealed class TakeoverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData("temp_vol_*", 1)]
    [InlineData("backup_vol_*", 0.5)]
    [InlineData("create_ova_*", 0.5)]
    [InlineData("create_ova_*", 1)]
    [InlineData("update_task", 1)]
    public async Task An_export_goes_on_at_another_worker_after_SIGKILL(string task, double at)
    {
        await using var cluster = await Cluster.CreateAsync();
        var api = await cluster.StartAsync("front", "api");
        var first = await cluster.StartAsync("first", "worker");
        await first.AddFaultAsync(new { task, at, action = "exit" });
        var client = new BackupClient(api);
        var started = await client.ExportAsync(Cluster.DemoImage);
        await first.WaitForEndAsync(Patience);
        await cluster.StartAsync("second", "worker");

        await EndAsync(cluster, started);

        Assert.Equal("available", await client.StatusAsync(started.Id));
        await cluster.RestoresAsync(client, started);
        Assert.Equal(["backup_1.ova"], cluster.NodeEntries());
    }

    [Fact]
    public async Task A_restarted_worker_takes_its_operations_at_once()
    {
        await using var cluster = await Cluster.CreateAsync();
        cluster.Settings["ImageBackup:Cluster:LeaseSeconds"] = "600";
        var api = await cluster.StartAsync("front", "api");
        var first = await cluster.StartAsync("first", "worker");
        await first.AddFaultAsync(new { task = "backup_vol_*", at = 0.5, action = "exit" });
        var client = new BackupClient(api);
        var started = await client.ExportAsync(Cluster.DemoImage);
        await first.WaitForEndAsync(Patience);

        await cluster.StartAsync("first", "worker");

        await EndAsync(cluster, started);
        await cluster.RestoresAsync(client, started);
    }

    [Theory]
    [InlineData("backup_vol_*", 0.5)]
    [InlineData("create_ova_*", 0.5)]
    [InlineData("create_ova_*", 1)]
    public async Task A_worker_that_was_paused_changes_nothing_when_it_wakes_up(string task, double at)
    {
        await using var cluster = await Cluster.CreateAsync();
        var api = await cluster.StartAsync("front", "api");
        var first = await cluster.StartAsync("first", "worker");
        await first.AddFaultAsync(new { task, at, action = "stall" });
        var client = new BackupClient(api);
        var started = await client.ExportAsync(Cluster.DemoImage);
        await Polling.UntilAsync("the stall", async () => (await first.Client.GetStringAsync(new Uri("/emulator/faults", UriKind.Relative))).Contains("\"left\":0", StringComparison.Ordinal));
        Tool.Run("kill", "-STOP", $"{first.Id}");
        await cluster.StartAsync("second", "worker");
        await EndAsync(cluster, started);
        var before = await cluster.SnapshotAsync();

        Tool.Run("kill", "-CONT", $"{first.Id}");
        await first.Client.DeleteAsync(new Uri("/emulator/faults", UriKind.Relative));
        await Cluster.LoggedAsync(first, "was left to another worker");
        await Cluster.LoggedAsync(first, "could not extend its lease in time");

        Assert.Equal(before, await cluster.SnapshotAsync());
        await cluster.RestoresAsync(client, started);
    }

    [Fact]
    public async Task A_restore_that_was_paused_changes_nothing_when_it_wakes_up()
    {
        await using var cluster = await Cluster.CreateAsync();
        var api = await cluster.StartAsync("front", "api");
        var first = await cluster.StartAsync("first", "worker");
        var client = new BackupClient(api);
        var exported = await client.ExportedAsync(Cluster.DemoImage);
        await first.AddFaultAsync(new { task = "restore_????????-*", at = 0.3, action = "stall" });
        var started = await client.ImportAsync(("image_backup_id", exported.Id));
        await Polling.UntilAsync("the stall", async () => (await first.Client.GetStringAsync(new Uri("/emulator/faults", UriKind.Relative))).Contains("\"left\":0", StringComparison.Ordinal));
        Tool.Run("kill", "-STOP", $"{first.Id}");
        await cluster.StartAsync("second", "worker");
        await EndAsync(cluster, started);
        var before = await cluster.SnapshotAsync();

        Tool.Run("kill", "-CONT", $"{first.Id}");
        await first.Client.DeleteAsync(new Uri("/emulator/faults", UriKind.Relative));
        await Cluster.LoggedAsync(first, "was left to another worker");

        Assert.Equal(before, await cluster.SnapshotAsync());
    }

    /// <summary>Waits in the database, because a takeover takes longer than an answer.</summary>
    private static async Task EndAsync(Cluster cluster, StartedBackup started)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await using var db = cluster.Open();
        while (await db.LogBooks.AnyAsync(book => book.QueueState != QueueState.Finished, deadline.Token))
        {
            await Task.Delay(100, deadline.Token);
        }

        Assert.DoesNotContain(await db.Tasks.AsNoTracking().ToListAsync(deadline.Token), task => task.State != TaskState.Success || task.Failure is not null);
        Assert.True(started.Id > 0);
    }
}
