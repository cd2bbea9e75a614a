using System.Net;
using ImageBackup.Core.Errors;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Emulator;

/// <summary><c>Emulator:SeedFile</c>: data and users of the first start and of each reset.</summary>
public sealed class SeedFileTests : IDisposable
{
    private const string Seed = """
        projects: [{name: team, id: abc0}]
        users: [{name: alice, password: wonderland, projects: [team], roles: [admin]}]
        images: [{name: team-image, project: team, volumes: [{size: 64KiB}]}]
        image_backups: [{name: first, image: team-image, project: team}]
        """;

    private readonly TemporaryDirectory directory = new();
    private readonly ServiceFixture service = new();

    private string SeedPath => Path.Combine(directory.Path, "seed.yaml");

    [Fact]
    public async Task The_file_is_applied_at_the_first_start_and_after_a_reset_only()
    {
        await StartWithAsync(Seed);
        var token = await LogInAsync();
        Assert.Equal(1, await CountAsync(token));
        await DeleteAllAsync(token);

        await service.RestartAsync();
        Assert.Equal(0, await CountAsync(token));

        Assert.Equal(HttpStatusCode.NoContent, (await service.Client.CallAsync(HttpMethod.Post, "/emulator/reset", headers: ("X-Auth-Token", token))).Status);
        Assert.Equal(1, await CountAsync(await LogInAsync()));
    }

    [Fact]
    public async Task A_wrong_file_stops_the_start_with_one_line()
    {
        var refusal = await Assert.ThrowsAsync<StartException>(() => StartWithAsync("images: [{name: a, volumes: [{size: big}]}]"));

        Assert.Equal($"ImageBackup:Emulator:SeedFile {SeedPath}: images[0]: Invalid input for field/attribute size. Value: big. Use a number of bytes, or text such as 512KiB, 64MiB or 2GiB, from 1 to 70368744177664 bytes.", refusal.Message);
    }

    public void Dispose()
    {
        service.Dispose();
        directory.Dispose();
    }

    private async Task StartWithAsync(string seed)
    {
        await File.WriteAllTextAsync(SeedPath, seed);
        service.Settings["ImageBackup:Emulator:Enabled"] = "true";
        service.Settings["ImageBackup:Emulator:SeedFile"] = SeedPath;
        service.Settings["ImageBackup:Auth:Mode"] = "Embedded";
        _ = service.Client;
    }

    private async Task<string> LogInAsync()
    {
        const string body = """{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "alice", "domain": {"id": "default"}, "password": "wonderland"}}}, "scope": {"project": {"id": "abc0"}}}}""";
        return (await service.Client.PostJsonAsync("/identity/v3/auth/tokens", body)).Headers["X-Subject-Token"];
    }

    private async Task<int> CountAsync(string token)
        => (await service.Client.CallAsync(HttpMethod.Get, "/v3/abc0/image-backups", headers: ("X-Auth-Token", token))).Body.GetProperty("image-backups").GetArrayLength();

    private async Task DeleteAllAsync(string token)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await service.Client.CallAsync(HttpMethod.Delete, "/v3/abc0/image-backups/1", headers: ("X-Auth-Token", token))).Status);
        await Polling.UntilAsync("the deletion", async () => await CountAsync(token) == 0);
    }
}
