using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.BackupNodes;

/// <summary>Discoveries of many archives: in the background, with a progress, and also after a restart.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private const int Many = 1_100;

    private readonly ServiceFixture service = new();
    private readonly BackupClient client;

    public DiscoveryTests() => client = new BackupClient(service);

    private string Node => service.Paths.BackupNode("local");

    [Fact]
    public async Task A_discovery_counts_all_archives_and_lists_the_first_thousand()
    {
        await FillAsync(Many);
        await File.WriteAllTextAsync(Path.Combine(Node, "torn.ova"), "this is no archive");

        var discovered = await client.DiscoveredAsync("local");

        Assert.Equal("finished", discovered.GetProperty("state").GetString());
        Assert.Equal((Many + 1, Many + 1, Many, 1), (Number("found_count"), Number("read_count"), Number("added_count"), Number("broken_count")));
        Assert.Equal((1000, 1000, 1), (Length("found"), Length("added"), Length("broken")));
        Assert.Equal(Many, (await client.GetAsync("/image-backups?limit=1&with_count=true")).Body.GetProperty("count").GetInt32());
        Assert.Empty(Directory.GetFiles(Node, ".*"));

        int Number(string name) => discovered.GetProperty(name).GetInt32();

        int Length(string name) => discovered.GetProperty(name).GetArrayLength();
    }

    [Fact]
    public async Task A_discovery_goes_on_after_a_restart_for_the_same_project()
    {
        var answer = await client.SendAsync(HttpMethod.Put, "/backup-nodes/local/discover");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var node = Node;
        await FillAsync(3);
        await service.StopAsync();

        // What a killed process leaves.
        await File.WriteAllTextAsync(Path.Combine(node, $".discovery-{ServiceFixture.ProjectId}"), $$"""{"ProjectId":"{{ServiceFixture.ProjectId}}","UserId":"somebody"}""");
        await service.RestartAsync();

        await Polling.UntilAsync("the discovery to end", async () => await StateAsync() == "finished");
        var backups = (await client.GetAsync("/image-backups/detail")).Body.GetProperty("image-backups").EnumerateArray().ToList();
        Assert.Equal(3, backups.Count);
        Assert.All(backups, backup => Assert.Equal("somebody", backup.GetProperty("user_id").GetString()));
        Assert.False(File.Exists(Path.Combine(node, $".discovery-{ServiceFixture.ProjectId}")));
    }

    [Fact]
    public async Task A_discovery_does_not_tell_of_archives_of_other_projects()
    {
        await FillAsync(2);
        await client.DiscoveredAsync("local");
        await OldArchive.WriteAsync(Path.Combine(Node, "new.ova"));
        const string Other = "/v3/00000000000000000000000000000002/backup-nodes/local/discover";

        await client.SendAsync(HttpMethod.Put, Other);
        await Polling.UntilAsync("the other discovery to end", async () => (await client.GetAsync(Other)).Body.GetProperty("discovered").GetProperty("state").GetString() == "finished");

        var discovered = (await client.GetAsync(Other)).Body.GetProperty("discovered");
        Assert.Equal(["new.ova"], discovered.GetProperty("found").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal((1, 1, 1), (discovered.GetProperty("found_count").GetInt32(), discovered.GetProperty("read_count").GetInt32(), discovered.GetProperty("added_count").GetInt32()));
        Assert.Equal(3, (await client.DiscoveredAsync("local")).GetProperty("found_count").GetInt32() + 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"ProjectId\":")]
    [InlineData("{\"UserId\":\"somebody\"}")]
    [InlineData("[1,2,3]")]
    public async Task A_damaged_mark_of_a_discovery_does_not_stop_the_service(string mark)
    {
        await client.GetAsync("/backup-nodes");
        var node = Node;
        await FillAsync(1);
        await service.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(node, $".discovery-{ServiceFixture.ProjectId}"), mark);

        await service.RestartAsync();

        Assert.Equal(1, (await client.DiscoveredAsync("local")).GetProperty("added_count").GetInt32());
        Assert.False(File.Exists(Path.Combine(node, $".discovery-{ServiceFixture.ProjectId}")));
    }

    [Fact]
    public async Task The_progress_of_a_node_without_a_discovery_is_404()
    {
        var answer = await client.GetAsync("/backup-nodes/local/discover");

        Assert.Equal((HttpStatusCode.NotFound, "Backup node local has had no discovery since the start of the service."), (answer.Status, answer.Message));
    }

    public void Dispose() => service.Dispose();

    private async Task<string?> StateAsync()
    {
        var answer = await client.GetAsync("/backup-nodes/local/discover");
        return answer.Status == HttpStatusCode.OK ? answer.Body.GetProperty("discovered").GetProperty("state").GetString() : null;
    }

    private async Task FillAsync(int count)
    {
        var first = Path.Combine(Node, "archive-0.ova");
        await OldArchive.WriteAsync(first);
        for (var number = 1; number < count; number++)
        {
            File.Copy(first, Path.Combine(Node, $"archive-{number}.ova"));
        }
    }
}
