using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Images;

public sealed class FirstStartTests : IDisposable
{
    private const string DemoImage = "/v2/images/9c219888-1ab0-429e-9282-7cbc6957c839";
    private readonly ServiceFixture _service = new();

    public FirstStartTests() => _service.Settings["ImageBackup:Demo:Enabled"] = "true";

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task The_first_start_adds_a_node_templates_and_a_demo_image_and_the_second_adds_nothing()
    {
        var image = (await _service.Client.GetJsonAsync(DemoImage)).Body;
        Assert.Equal("demo-aix", image.GetProperty("name").GetString());
        Assert.Equal("active", image.GetProperty("status").GetString());
        Assert.Equal("public", image.GetProperty("visibility").GetString());
        Assert.Equal("aix", image.GetProperty("os_distro").GetString());

        await _service.Client.DeleteJsonAsync(DemoImage);
        await _service.RestartAsync();

        Assert.Empty((await _service.Client.GetJsonAsync("/v2/images")).Body.GetProperty("images").EnumerateArray());
        var node = Assert.Single((await _service.Client.GetJsonAsync(ServiceFixture.V3("/backup-nodes"))).Body.GetProperty("backup_nodes").EnumerateArray());
        Assert.Equal("local", node.GetProperty("registration").GetProperty("backup_node_id").GetString());
    }

    [Fact]
    public async Task The_start_finishes_or_removes_what_a_stop_interrupted()
    {
        var id = (await _service.Client.PostJsonAsync("/v2/images", """{"name":"cut"}""")).Body.GetProperty("id").GetString()!;
        var upload = Path.Combine(_service.Paths.Volumes, ".upload-1");
        var partial = Path.Combine(_service.Paths.Volumes, "volume-1.partial");
        await File.WriteAllTextAsync(upload, "x");
        await File.WriteAllTextAsync(partial, "x");
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_service.Paths.Database}"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE images SET Status = 'saving' WHERE Id = $id";
            command.Parameters.AddWithValue("$id", id);
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        await _service.RestartAsync();

        Assert.Equal("queued", (await _service.Client.GetJsonAsync($"/v2/images/{id}")).Body.GetProperty("status").GetString());
        Assert.False(File.Exists(upload));
        Assert.False(File.Exists(partial));
    }
}
