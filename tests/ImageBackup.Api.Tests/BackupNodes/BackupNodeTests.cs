using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.BackupNodes;

public sealed class BackupNodeTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static readonly string Nodes = ServiceFixture.V3("/backup-nodes");

    [Fact]
    public async Task A_node_is_registered_and_its_password_is_not_shown()
    {
        var answer = await service.Client.PostJsonAsync(Nodes, """
            {"backup_nodes":{"registration":{"access_ip":"9.1.1.1","user_id":"user1","password":"s3cret-word","display_name":"Backup-node-111","cos_default":"bucket-1"}}}
            """);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var node = answer.Body.GetProperty("backup_node").GetProperty("registration");
        Assert.Equal(JsonValueKind.Number, node.GetProperty("id").ValueKind);
        Assert.Matches("^vm-[0-9a-f]{8}$", node.GetProperty("backup_node_id").GetString());
        Assert.Matches("^([0-9a-f]{2}:){15}[0-9a-f]{2}$", node.GetProperty("unique_id").GetString());
        Assert.Equal("bucket-1", node.GetProperty("cos_default").GetString());
        Assert.DoesNotContain("s3cret-word", answer.Body.GetRawText(), StringComparison.Ordinal);
        Assert.True(Directory.Exists(service.Paths.BackupNode(node.GetProperty("backup_node_id").GetString()!)));
        foreach (var file in Directory.EnumerateFiles(service.DataDirectory, "imagebackup.db*"))
        {
            Assert.Equal(-1, (await ReadSharedAsync(file)).AsSpan().IndexOf("s3cret-word"u8));
        }
    }

    [Theory]
    [InlineData("""{"access_ip":"9.9.9.9","display_name":"x","backup_node_id":".."}""", 400, "backup_node_id")]
    [InlineData("""{"access_ip":"9.9.9.9","display_name":"x","backup_node_id":"a/b"}""", 400, "backup_node_id")]
    [InlineData("""{"access_ip":"not a host","display_name":"x"}""", 400, "It is neither an IP address nor a host name.")]
    [InlineData("""{"access_ip":"9.9.9.9"}""", 400, "'display_name' is a required property")]
    [InlineData("""{"access_ip":"9.9.9.9","display_name":"x","id":5}""", 400, "('id' was unexpected)")]
    [InlineData("""{"access_ip":"9.9.9.9","display_name":"x","backup_node_id":"LOCAL"}""", 409, "already registered")]
    [InlineData("""{"access_ip":"127.0.0.1","display_name":"x"}""", 409, "access_ip '127.0.0.1'")]
    [InlineData("""{"access_ip":"9.9.9.9","display_name":"Local backup node"}""", 409, "display_name")]
    public async Task An_invalid_or_repeated_registration_is_refused_and_leaves_no_directory(string registration, int status, string message)
    {
        var before = Directory.GetDirectories(service.Paths.BackupNodes).Length;

        var answer = await RegisterAsync(registration);

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetDirectories(service.Paths.BackupNodes).Length);
    }

    [Fact]
    public async Task A_password_of_the_wrong_kind_is_not_repeated()
    {
        var answer = await RegisterAsync("""{"access_ip":"9.9.9.9","display_name":"x","password":["hidden-word"]}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain("hidden-word", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registration_is_changed_field_by_field()
    {
        await RegisterAsync("""{"access_ip":"node-1.example","display_name":"To change","backup_node_id":"change","cos_default":"b"}""");

        var changed = await service.Client.PutJsonAsync(
            $"{Nodes}/change", """{"backup_nodes":{"registration":{"display_name":"Changed","fast_compression":"True","cos_default":null}}}""");

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        var node = (await service.Client.GetJsonAsync($"{Nodes}/change")).Body.GetProperty("backup_node").GetProperty("registration");
        Assert.Equal("Changed", node.GetProperty("display_name").GetString());
        Assert.Equal("node-1.example", node.GetProperty("access_ip").GetString());
        Assert.True(node.GetProperty("fast_compression").GetBoolean());
        Assert.Equal(JsonValueKind.Null, node.GetProperty("cos_default").ValueKind);
    }

    [Fact]
    public async Task A_deleted_node_keeps_its_files()
    {
        await RegisterAsync("""{"access_ip":"9.2.2.2","display_name":"Deleted","backup_node_id":"deleted"}""");
        var file = Path.Combine(service.Paths.BackupNode("deleted"), "precious.ova");
        await File.WriteAllTextAsync(file, "x");

        var deleted = await service.Client.DeleteJsonAsync($"{Nodes}/deleted");

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetJsonAsync($"{Nodes}/deleted")).Status);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Discover_lists_the_archives_and_the_broken_files()
    {
        await RegisterAsync("""{"access_ip":"9.3.3.3","display_name":"Discovered","backup_node_id":"discovered"}""");
        var directory = service.Paths.BackupNode("discovered");
        await File.WriteAllTextAsync(Path.Combine(directory, "noise.ova"), "this is no archive");
        await File.WriteAllTextAsync(Path.Combine(directory, "notes.txt"), "neither is this");
        File.CreateSymbolicLink(Path.Combine(directory, "link.ova"), "/etc/passwd");

        var discovered = await new BackupClient(service).DiscoveredAsync("discovered");

        Assert.Equal(["link.ova", "noise.ova"], discovered.GetProperty("found").EnumerateArray().Select(name => name.GetString()).Order());
        Assert.Empty(discovered.GetProperty("added").EnumerateArray());
        Assert.Equal(["link.ova", "noise.ova"], discovered.GetProperty("broken").EnumerateArray().Select(file => file.GetProperty("ova_name").GetString()).Order());
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task A_pipe_with_the_name_of_an_archive_is_refused_without_waiting(string raw)
    {
        await RegisterAsync($$"""{"access_ip":"9.3.4.{{raw.Length}}","display_name":"Pipes {{raw}}","backup_node_id":"pipes-{{raw}}"}""");
        Tool.Run("mkfifo", Path.Combine(service.Paths.BackupNode($"pipes-{raw}"), "pipe.ova"));

        var imported = await service.Client.PostJsonAsync(
            ServiceFixture.V3("/image-backups/import_image"),
            $$$"""{"import-image": {"name": "pipe", "ova_name": "pipe.ova", "backup_host": "pipes-{{{raw}}}", "import_from_raw_file": "{{{raw}}}"}}""");
        var discovered = await new BackupClient(service).DiscoveredAsync($"pipes-{raw}");

        Assert.Equal(HttpStatusCode.BadRequest, imported.Status);
        Assert.Equal("Invalid input for field/attribute ova_name. Value: pipe.ova. It is not a regular file.", imported.Message);
        Assert.Equal("pipe.ova", Assert.Single(discovered.GetProperty("broken").EnumerateArray()).GetProperty("ova_name").GetString());
    }

    [Fact]
    public async Task A_discovered_archive_becomes_an_available_backup_once()
    {
        await RegisterAsync("""{"access_ip":"9.5.5.5","display_name":"Filled","backup_node_id":"filled"}""");
        await OldArchive.WriteAsync(Path.Combine(service.Paths.BackupNode("filled"), "old-lpar.ova"));

        var client = new BackupClient(service);
        var first = await client.DiscoveredAsync("filled");
        var second = await client.DiscoveredAsync("filled");

        var added = Assert.Single(first.GetProperty("added").EnumerateArray());
        Assert.Equal("old-lpar", added.GetProperty("name").GetString());
        Assert.Equal("old-lpar.ova", Assert.Single(second.GetProperty("found").EnumerateArray()).GetString());
        Assert.Empty(second.GetProperty("added").EnumerateArray());
        var backup = await service.Client.GetJsonAsync(ServiceFixture.V3($"/image-backups/{added.GetProperty("backup_id").GetInt32()}"));
        Assert.Equal("available", backup.Body.GetProperty("image-backup").GetProperty("status").GetString());
        var refused = await service.Client.DeleteJsonAsync($"{Nodes}/filled");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("holds 1 image backup; delete it first", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_on_a_node_that_is_down_is_503()
    {
        await RegisterAsync("""{"access_ip":"9.4.4.4","display_name":"Down","backup_node_id":"down"}""");
        Directory.Delete(service.Paths.BackupNode("down"));

        var answer = await service.Client.PutJsonAsync($"{Nodes}/down/discover");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("serviceUnavailable", answer.Key);
        Assert.Contains("is down", answer.Message, StringComparison.Ordinal);
    }

    private Task<JsonAnswer> RegisterAsync(string registration)
        => service.Client.PostJsonAsync(Nodes, $$$"""{"backup_nodes":{"registration":{{{registration}}} } }""");

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
