using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Emulator;

/// <summary><c>/emulator/snapshots</c>: the whole service returns to a named state.</summary>
public sealed class SnapshotTests(EmulatorFixture service) : IClassFixture<EmulatorFixture>
{
    private const string Seed = """
        images: [{name: source, volumes: [{size: 8MiB}, {size: 20GiB, data: 1MiB}]}]
        image_backups: [{name: kept, image: source, status: uploaded}]
        """;

    [Fact]
    public async Task Records_volumes_archives_and_objects_return()
    {
        await service.ResetAsync();
        var id = Assert.Single(await service.SeedAsync(Seed));
        await TakeAsync("whole");
        var archive = Path.Combine(service.Paths.BackupNode("local"), $"kept_{id}.ova");
        var before = await File.ReadAllBytesAsync(archive);
        var image = (await service.ImageAsync("source")).GetProperty("id").GetString()!;
        var contents = (await new ImageSeeds(service).VolumesOfAsync(image)).Select(volume => service.Paths.Volume(volume.VolumeId)).ToList();

        // Everything changes: a damaged archive, a deleted backup and image, a new node and backup, an operation that waits.
        using (var file = File.OpenHandle(archive, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, new byte[4096], before.Length / 2);
        }

        await service.Backups.ExportedAsync(image, ("name", "later"));
        service.Stall("backup_vol_*", 0.5);
        await service.Backups.ExportAsync(image, ("name", "running"));
        await service.Backups.DeletedAsync(id);
        await service.Backups.SendAsync(HttpMethod.Delete, $"/v2/images/{image}");
        await service.SeedAsync("backup_nodes: [{backup_node_id: new, access_ip: new}]");

        await RestoreAsync("whole");

        Assert.Equal("uploaded", await service.Backups.StatusAsync(id));
        Assert.Equal(["kept"], (await service.Backups.GetAsync("/image-backups")).Body.GetProperty("image-backups").EnumerateArray().Select(backup => backup.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Backups.GetAsync("/backup-nodes/new")).Status);
        Assert.Equal(before, await File.ReadAllBytesAsync(archive));
        Assert.Equal(contents.Order(), Directory.GetFiles(service.Paths.Volumes).Order());
        await service.Backups.SucceedAsync(await service.Backups.BeginAsync(id, "verify"));
        var next = await service.Backups.ExportedAsync(image, ("upload_to_cos", true));
        Assert.Equal(id + 1, next.Id);
    }

    [Fact]
    public async Task A_snapshot_can_be_restored_again_and_survives_a_reset_and_a_restart()
    {
        await service.ResetAsync();
        var id = Assert.Single(await service.SeedAsync(Seed));
        await TakeAsync("lasting");

        await service.ResetAsync();
        await service.RestartAsync();
        await RestoreAsync("lasting");
        await service.Backups.DeletedAsync(id);
        await RestoreAsync("lasting");

        await service.Backups.SucceedAsync(await service.Backups.BeginAsync(id, "verify"));
        Assert.Contains("lasting", (await service.Client.GetJsonAsync("/emulator/snapshots")).Body.GetProperty("snapshots").EnumerateArray().Select(snapshot => snapshot.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await service.Client.DeleteJsonAsync("/emulator/snapshots/lasting")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.DeleteJsonAsync("/emulator/snapshots/lasting")).Status);
        Assert.Equal("Snapshot lasting could not be found.", (await service.Client.PostJsonAsync("/emulator/snapshots/lasting/restore", "")).Message);
    }

    [Fact]
    public async Task A_snapshot_is_refused_while_an_operation_is_not_finished()
    {
        await service.ResetAsync();
        var id = Assert.Single(await service.SeedAsync("""
            images: [{name: source, volumes: [{size: 1MiB}]}]
            image_backups: [{name: waiting, image: source, status: creating_backup}]
            """));

        var answer = await service.Client.PostJsonAsync("/emulator/snapshots", """{"snapshot": {"name": "busy"}}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal($"A snapshot contains finished operations only, but the export of image backup {id} is running. Wait for its end, or stop it.", answer.Message);
    }

    [Theory]
    [InlineData("../etc")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public async Task A_name_that_is_no_file_name_is_refused(string name)
    {
        var answer = await service.Client.PostJsonAsync("/emulator/snapshots", $$$"""{"snapshot": {"name": "{{{name}}}"}}""");

        Assert.Equal($"Invalid input for field/attribute name. Value: {name}. Use 1 to 64 letters, digits, dots, dashes and underscores, the first a letter or digit.", answer.Message);
    }

    private async Task TakeAsync(string name)
    {
        await service.Client.DeleteJsonAsync($"/emulator/snapshots/{name}");
        var answer = await service.Client.PostJsonAsync("/emulator/snapshots", $$$"""{"snapshot": {"name": "{{{name}}}"}}""");
        Assert.True(answer.Status == HttpStatusCode.Created, $"{answer.Body}");
        Assert.Equal($"Snapshot '{name}' exists. Delete it first, or use another name.", (await service.Client.PostJsonAsync("/emulator/snapshots", $$$"""{"snapshot": {"name": "{{{name}}}"}}""")).Message);
    }

    private async Task RestoreAsync(string name)
    {
        var answer = await service.Client.CallAsync(HttpMethod.Post, $"/emulator/snapshots/{name}/restore");
        Assert.True(answer.Status == HttpStatusCode.NoContent, $"{answer.Body}");
    }
}
