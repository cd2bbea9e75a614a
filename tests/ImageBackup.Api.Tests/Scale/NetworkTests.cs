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
}
