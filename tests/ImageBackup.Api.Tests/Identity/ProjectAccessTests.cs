using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>Two projects, each with a node and a bucket that the other one may not use.</summary>
public sealed class ProjectAccessTests : IAsyncLifetime
{
    private const string Access = "ImageBackup:ProjectAccess";
    private const string Own = ServiceFixture.ProjectId;
    private const string Other = EmbeddedFixture.OtherProjectId;

    private readonly EmbeddedFixture service = new();

    public async ValueTask InitializeAsync()
    {
        service.Settings[$"{Access}:Nodes:LOCAL:0"] = Own;
        service.Settings[$"{Access}:Nodes:theirs:0"] = Other;
        service.Settings[$"{Access}:Buckets:cos-default:0"] = Own;
        service.Settings[$"{Access}:Buckets:*:0"] = Other;
        Directory.CreateDirectory(Path.Combine(service.DataDirectory, "cos", "theirs"));
        Directory.CreateDirectory(Path.Combine(service.DataDirectory, "cos", "cos-default"));
        const string Node = """{"backup_nodes": {"registration": {"access_ip": "192.0.2.1", "display_name": "node of theirs", "backup_node_id": "theirs"}}}""";
        Assert.Equal(HttpStatusCode.Created, (await SendAsync("stranger", "POST", "/backup-nodes", Node)).Status);
    }

    public ValueTask DisposeAsync()
    {
        service.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("GET", "/backup-nodes/theirs", null)]
    [InlineData("GET", "/backup-nodes/2", null)]
    [InlineData("PUT", "/backup-nodes/theirs", """{"backup_nodes": {"registration": {"display_name": "mine"}}}""")]
    [InlineData("DELETE", "/backup-nodes/theirs", null)]
    [InlineData("PUT", "/backup-nodes/theirs/discover", null)]
    [InlineData("GET", "/backup-nodes/theirs/health", null)]
    [InlineData("GET", "/backup-nodes/theirs/archives", null)]
    [InlineData("POST", "/image-backups/import_image", """{"import-image": {"name": "n", "ova_name": "secret.ova", "backup_host": "theirs"}}""")]
    [InlineData("POST", "/image-backups/import_image", """{"import-image": {"name": "n", "ova_name": "secret.ova", "backup_host": "node of theirs"}}""")]
    [InlineData("POST", "/image-backups/import_image", """{"import-image": {"name": "n", "ova_name": "secret.ova", "backup_host": "192.0.2.1"}}""")]
    public async Task A_node_of_another_project_does_not_exist(string method, string path, string? body)
    {
        var answer = await SendAsync("admin", method, path, body);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Matches("^Backup node .+ could not be found\\.$", answer.Message);
    }

    [Fact]
    public async Task Each_project_lists_its_own_nodes()
    {
        Assert.Equal(["local"], await NodesOfAsync("admin"));
        Assert.Equal(["theirs"], await NodesOfAsync("stranger"));
    }

    [Fact]
    public async Task Exports_uploads_downloads_and_imports_use_the_projects_nodes_and_buckets_only()
    {
        var image = await ImageAsync("admin");
        var exported = await RunAsync("admin", "/image-backups/export_image", Export(image, """, "upload_to_cos": false"""), HttpStatusCode.Created);
        var theirs = await RunAsync("stranger", "/image-backups/export_image", Export(await ImageAsync("stranger"), """, "cos_bucket": "theirs" """), HttpStatusCode.Created);
        Assert.Equal("theirs", theirs.GetProperty("backup_host").GetString());
        var id = exported.GetProperty("id").GetInt32();

        await IsForbiddenAsync("admin", "/image-backups/export_image", Export(image, """, "cos_bucket": "theirs" """));
        await IsForbiddenAsync("admin", $"/image-backups/{id}/upload", """{"cos_bucket": "theirs"}""");
        await IsForbiddenAsync("admin", "/image-backups/import_image", """{"import-image": {"name": "n", "ova_name": "loose.ova", "cos_bucket": "theirs"}}""");
        await IsForbiddenAsync("stranger", "/image-backups/export_image", Export(await ImageAsync("stranger"), ""));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("admin", "POST", "/image-backups/export_image", Export(image, """, "backup_host": "theirs" """))).Status);
        await RunAsync("admin", $"/image-backups/{id}/upload", """{"cos_bucket": "cos-default"}""", HttpStatusCode.Accepted);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("admin", "POST", $"/image-backups/{id}/download", """{"backup_host": "theirs"}""")).Status);
    }

    [Fact]
    public async Task A_project_that_loses_a_node_or_a_bucket_can_no_longer_use_its_image_backups_there()
    {
        var exported = await RunAsync("admin", "/image-backups/export_image", Export(await ImageAsync("admin"), ""), HttpStatusCode.Created);
        var id = exported.GetProperty("id").GetInt32();
        service.Settings[$"{Access}:Buckets:cos-default:0"] = Other;
        await service.RestartAsync();

        await IsForbiddenAsync("admin", $"/image-backups/{id}/download", "{}");
        service.Settings[$"{Access}:Nodes:LOCAL:0"] = Other;
        await service.RestartAsync();

        foreach (var verb in (string[])["upload", "download", "verify"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("admin", "POST", $"/image-backups/{id}/{verb}", verb == "verify" ? null : "{}")).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("admin", "DELETE", $"/image-backups/{id}", null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("admin", "POST", "/image-backups/import_image", $$$"""{"import-image": {"name": "n", "image_backup_id": {{{id}}}}}""")).Status);
        Assert.Equal("No backup node is registered for project " + Own + ".", (await SendAsync("admin", "POST", "/image-backups/export_image", Export(await ImageAsync("admin"), ""))).Message);
    }

    private static string Export(string image, string more) => $$$"""{"image-backup": {"name": "e", "src_image_id": "{{{image}}}"{{{more}}}}}""";

    private async Task IsForbiddenAsync(string user, string path, string body)
    {
        var answer = await SendAsync(user, "POST", path, body);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("ask the administrator to add the project to ImageBackup:ProjectAccess:Buckets.", answer.Message, StringComparison.Ordinal);
    }

    private async Task<List<string>> NodesOfAsync(string user)
        => [.. (await SendAsync(user, "GET", "/backup-nodes", null)).Body.GetProperty("backup_nodes").EnumerateArray()
            .Select(node => node.GetProperty("registration").GetProperty("backup_node_id").GetString()!)];

    private async Task<string> ImageAsync(string user)
    {
        var token = await service.TokenOfAsync(user);
        using var created = await service.SendAsync(HttpMethod.Post, "/v2/images", token, JsonContent.Create(new { name = "image", disk_format = "raw", container_format = "bare" }));
        var id = JsonElement.Parse(await created.Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
        using var content = new ByteArrayContent(Content.Random(1 << 16));
        content.Headers.ContentType = new("application/octet-stream");
        using var stored = await service.SendAsync(HttpMethod.Put, $"/v2/images/{id}/file", token, content);
        stored.EnsureSuccessStatusCode();
        return id;
    }

    /// <summary>Starts an operation, waits until it has ended, and returns the image backup.</summary>
    private async Task<JsonElement> RunAsync(string user, string path, string body, HttpStatusCode expected)
    {
        var answer = await SendAsync(user, "POST", path, body);
        Assert.Equal(expected, answer.Status);
        var id = answer.Body.GetProperty("image-backup").GetProperty("backup_id").GetInt32();
        var ended = await Polling.ForAsync($"the end of image backup {id}", async () =>
        {
            var record = (await SendAsync(user, "GET", $"/image-backups/{id}", null)).Body.GetProperty("image-backup");
            return record.GetProperty("status").GetString() is "available" or "uploaded" ? (object)record : null;
        });
        return (JsonElement)ended;
    }

    private async Task<ApiAnswer> SendAsync(string user, string method, string path, string? body)
    {
        var project = user == "stranger" ? Other : Own;
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await service.SendAsync(new HttpMethod(method), $"/v3/{project}{path}", await service.TokenOfAsync(user), content);
        return new ApiAnswer(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers, answer.Content.Headers.ContentType);
    }
}
