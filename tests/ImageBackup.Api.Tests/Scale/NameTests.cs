using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>One process for each name, whatever happens to the connection that holds the name's lock.</summary>
public sealed class NameTests
{
    [Fact]
    public async Task A_second_process_with_the_same_name_is_refused()
    {
        await using var cluster = await Cluster.CreateAsync();
        cluster.Settings["ImageBackup:Cluster:LeaseSeconds"] = "3";
        await cluster.StartAsync("one");

        await RefusedAsync(cluster);
    }

    [Fact]
    public async Task A_second_process_with_the_same_name_is_refused_after_a_restart_of_the_database()
    {
        await using var cluster = await Cluster.CreateAsync(ownServer: true);
        cluster.Settings["ImageBackup:Cluster:LeaseSeconds"] = "3";
        await cluster.StartAsync("one");

        await cluster.Server.CrashAsync();
        await cluster.Server.ContinueAsync();
        await using var db = cluster.Open();
        await Polling.UntilAsync("the lock of the name", async () => await db.Database.SqlQuery<bool>(
            $"SELECT pg_try_advisory_xact_lock(hashtextextended('service/cinder-backup/one', 0)) AS \"Value\"").SingleAsync() == false);

        await RefusedAsync(cluster);
    }

    [Fact]
    public async Task A_process_whose_name_another_one_has_taken_runs_nothing_until_the_name_is_free()
    {
        await using var cluster = await Cluster.CreateAsync();
        var process = await cluster.StartAsync("one");
        var client = new BackupClient(process);
        await using var other = cluster.Open();
        await other.Database.OpenConnectionAsync();
        await other.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_lock%'");
        await Polling.UntilAsync("the name", () => other.Database.SqlQuery<bool>(
            $"SELECT pg_try_advisory_lock(hashtextextended('service/cinder-backup/one', 0)) AS \"Value\"").SingleAsync());
        await other.Services.ExecuteUpdateAsync(set => set.SetProperty(service => service.Incarnation, 7).SetProperty(service => service.LeaseEndsAt, DateTime.UtcNow.AddHours(1)));

        var started = await client.ExportAsync(Cluster.DemoImage);
        await Cluster.LoggedAsync(process, "Another process runs as cinder-backup on host one");

        Assert.Equal(7, await other.Services.Select(service => service.Incarnation).SingleAsync());
        Assert.Equal("PENDING", (await client.ProgressAsync(started)).GetProperty("flow_details").GetProperty("ExportFlow").GetString());
        await other.Services.ExecuteUpdateAsync(set => set.SetProperty(service => service.LeaseEndsAt, DateTime.UtcNow.AddHours(-1)));
        await client.SucceedAsync(started);
    }

    private static async Task RefusedAsync(Cluster cluster)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.StartAsync("one"));

        Assert.Contains("as cinder-backup on host one. Stop that process, or set ImageBackup:Cluster:Host to another name.", refused.Message, StringComparison.Ordinal);
    }
}
