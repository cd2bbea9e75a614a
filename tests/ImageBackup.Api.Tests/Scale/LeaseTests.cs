using System.Text.Json;
using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>Leases, fences and a database that is away, with real processes: no operation fails or reverts because of them.</summary>
public sealed class LeaseTests
{
    [Fact]
    public async Task A_run_whose_log_book_another_worker_has_taken_ends_without_a_change()
    {
        await using var cluster = await Cluster.CreateAsync();
        var worker = await cluster.StartAsync("one");
        var client = new BackupClient(worker);
        await worker.AddFaultAsync(new { task = "backup_vol_*", at = 0.5, action = "throttle", bytes_per_second = 4 << 20 });
        var started = await client.ExportAsync(Cluster.DemoImage);
        await StateAsync(client, started, "backup_vol_", "RUNNING");

        await using var db = cluster.Open();
        db.Services.Add(new ServiceRecord { Binary = "cinder-backup", Host = "two", Incarnation = 1, Version = "", Slots = 1, ReportedAt = DateTime.UtcNow, LeaseEndsAt = DateTime.UtcNow.AddHours(1) });
        await db.SaveChangesAsync();
        var other = await db.Services.Where(service => service.Host == "two").Select(service => service.Id).SingleAsync();
        await db.LogBooks.ExecuteUpdateAsync(set => set.SetProperty(book => book.WorkerId, other).SetProperty(book => book.Fence, book => book.Fence + 1));
        await Cluster.LoggedAsync(worker, "was left to another worker");

        var details = await client.ProgressAsync(started, withDetails: true);
        Assert.Equal("RUNNING", details.GetProperty("flow_details").GetProperty("ExportFlow").GetString());
        Assert.Equal(["SUCCESS", "RUNNING"], details.GetProperty("tasks").EnumerateArray().Take(2).Select(task => task.GetProperty("state").GetString()));
        Assert.Equal("creating_backup", await client.StatusAsync(started.Id));

        // The other worker is nobody. When its lease is over, the export goes on here.
        await db.Services.Where(service => service.Id == other).ExecuteUpdateAsync(set => set.SetProperty(service => service.LeaseEndsAt, DateTime.UtcNow.AddSeconds(-1)));
        await client.SucceedAsync(started);
    }

    [Fact]
    public async Task A_restart_of_the_database_server_fails_no_operation()
    {
        await using var cluster = await Cluster.CreateAsync(ownServer: true);
        cluster.Settings["ImageBackup:Cluster:LeaseSeconds"] = "60";
        var worker = await cluster.StartAsync("one");
        var client = new BackupClient(worker);
        await worker.AddFaultAsync(new { task = "backup_vol_*", at = 0, action = "throttle", bytes_per_second = 16 << 20 });
        var exports = new List<StartedBackup>();
        for (var i = 0; i < 8; i++)
        {
            exports.Add(await client.ExportAsync(Cluster.DemoImage, ("name", $"export-{i}")));
        }

        await StateAsync(client, exports[0], "backup_vol_", "RUNNING");
        for (var i = 0; i < 3; i++)
        {
            await cluster.Server.CrashAsync();
            await cluster.Server.ContinueAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        foreach (var export in exports)
        {
            await client.SucceedAsync(export);
        }

        await using var db = cluster.Open();
        Assert.Empty(await db.Tasks.Where(task => task.State != TaskState.Success || task.Failure != null).ToListAsync());
        Assert.DoesNotContain("was left to another worker", worker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_loses_its_lease_leaves_its_operations_and_takes_them_again()
    {
        await using var cluster = await Cluster.CreateAsync(ownServer: true);
        var worker = await cluster.StartAsync("one");
        var client = new BackupClient(worker);
        await worker.AddFaultAsync(new { task = "backup_vol_*", at = 0.5, action = "stall" });
        var started = await client.ExportAsync(Cluster.DemoImage);
        await StateAsync(client, started, "backup_vol_", "RUNNING");

        await cluster.Server.CrashAsync();
        await Cluster.LoggedAsync(worker, "could not extend its lease in time");
        await cluster.Server.ContinueAsync();

        var details = await client.SucceedAsync(started);
        Assert.Equal(2, details.GetProperty("tasks").EnumerateArray().Single(task => task.GetProperty("name").GetString()!.StartsWith("backup_vol_", StringComparison.Ordinal)).GetProperty("attempt").GetInt32());
        Assert.DoesNotContain("failed", worker.Log.Split('\n').Where(line => line.Contains("The export", StringComparison.Ordinal)).DefaultIfEmpty("").First(), StringComparison.Ordinal);
    }

    private static Task StateAsync(BackupClient client, StartedBackup started, string task, string state)
        => Polling.UntilAsync($"{task} to be {state}", async () =>
        {
            var tasks = (await client.ProgressAsync(started, withDetails: true)).GetProperty("tasks").EnumerateArray();
            return tasks.Any((JsonElement found) => found.GetProperty("name").GetString()!.StartsWith(task, StringComparison.Ordinal) && found.GetProperty("state").GetString() == state);
        });
}
