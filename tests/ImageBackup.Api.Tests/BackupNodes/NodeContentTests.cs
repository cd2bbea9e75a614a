using System.Net;
using System.Text.Json;
using ImageBackup.Api.Tests.ImageBackups;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.BackupNodes;

/// <summary>The health of a backup node, its archives, and the history of an image backup.</summary>
public sealed class NodeContentTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private const string OtherProject = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_node_shows_its_space_and_why_it_is_down()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1 << 20)));
        var size = (await Client.ShowAsync(exported.Id)).GetProperty("ova_size").GetInt64();

        var up = (await Client.GetAsync("/backup-nodes/local/health")).Body.GetProperty("health");
        Directory.Move(Node, Node + ".gone");
        var down = (await Client.GetAsync("/backup-nodes/local/health")).Body.GetProperty("health");
        Directory.Move(Node + ".gone", Node);

        var drive = new DriveInfo(Node);
        Assert.Equal("up", up.GetProperty("status").GetString());
        Assert.Equal(drive.TotalSize, up.GetProperty("total_bytes").GetInt64());
        Assert.InRange(up.GetProperty("free_bytes").GetInt64(), 1, drive.TotalSize);
        Assert.InRange(up.GetProperty("backup_count").GetInt32(), 1, 100);
        Assert.InRange(up.GetProperty("archive_bytes").GetInt64(), size, 100 * size);
        Assert.Equal("down", down.GetProperty("status").GetString());
        Assert.Equal("The directory of the node is missing.", down.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, down.GetProperty("free_bytes").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("/backup-nodes/vm-9/health")).Status);
    }

    [Fact]
    public async Task The_archives_of_a_node_are_listed_with_their_image_backups_but_not_those_of_other_projects()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        var own = Path.GetFileName(await OvaOfAsync(exported.Id));
        File.Copy(Path.Combine(Node, own), Path.Combine(Node, "a-copy.ova"));
        File.Copy(Path.Combine(Node, own), Path.Combine(Node, "z-copy.ova.gz"));
        await File.WriteAllTextAsync(Path.Combine(Node, "notes.txt"), "no archive");
        File.CreateSymbolicLink(Path.Combine(Node, "link.ova"), Path.Combine(Node, own));

        var all = (await Client.GetAsync("/backup-nodes/local/archives")).Body.GetProperty("archives").EnumerateArray().ToList();
        var first = (await Client.GetAsync("/backup-nodes/local/archives?unrecorded=true&limit=1")).Body;
        var second = (await Client.GetAsync(new Uri(first.GetProperty("archives_links")[0].GetProperty("href").GetString()!).PathAndQuery)).Body;
        var foreign = (await Client.GetAsync($"/v3/{OtherProject}/backup-nodes/local/archives")).Body.GetProperty("archives").EnumerateArray().Select(NameOf).ToList();

        Assert.DoesNotContain("link.ova", all.Select(NameOf));
        Assert.Equal(all.Select(NameOf).Order(StringComparer.Ordinal), all.Select(NameOf));
        Assert.Equal(exported.Id, all.Single(archive => NameOf(archive) == own).GetProperty("image_backup_id").GetInt32());
        Assert.Equal(new FileInfo(Path.Combine(Node, own)).Length, all.Single(archive => NameOf(archive) == own).GetProperty("size").GetInt64());
        Assert.Equal("a-copy.ova", NameOf(Assert.Single(first.GetProperty("archives").EnumerateArray())));
        Assert.Equal("z-copy.ova.gz", NameOf(Assert.Single(second.GetProperty("archives").EnumerateArray())));
        Assert.False(second.TryGetProperty("archives_links", out _));
        Assert.Contains("a-copy.ova", foreign);
        Assert.DoesNotContain(own, foreign);
    }

    [Fact]
    public async Task An_image_backup_keeps_the_history_of_its_operations()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "verify"));
        Service.Fail("upload_ova_*", 0);
        await Client.WaitAsync(await Client.BeginAsync(exported.Id, "upload"));

        var history = (await Client.GetAsync($"/image-backups/{exported.Id}/operations")).Body.GetProperty("operations").EnumerateArray().ToList();
        var first = (await Client.GetAsync($"/image-backups/{exported.Id}/operations?limit=2")).Body;
        var second = (await Client.GetAsync(new Uri(first.GetProperty("operations_links")[0].GetProperty("href").GetString()!).PathAndQuery)).Body;

        Assert.Equal(["upload failed", "verify succeeded", "export succeeded"], history.Select(one => $"{one.GetProperty("action").GetString()} {one.GetProperty("state").GetString()}"));
        Assert.Contains(FlowFaults.Message, history[0].GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.All(history, one => Assert.NotNull(one.GetProperty("finished_at").GetString()));
        Assert.Contains(history[2].GetProperty("task_id").GetString()!, exported.TaskUri, StringComparison.Ordinal);
        Assert.Equal("export", Assert.Single(second.GetProperty("operations").EnumerateArray()).GetProperty("action").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"/v3/{OtherProject}/image-backups/{exported.Id}/operations")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"/image-backups/{exported.Id}/operations?marker=none")).Status);
    }

    private static string NameOf(JsonElement archive) => archive.GetProperty("ova_name").GetString()!;
}
