using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Emulator;

/// <summary><c>POST /emulator/seed</c>: every entry is there as the seed says, and a wrong seed is refused with the field, the value and what is accepted.</summary>
public sealed class SeedTests(EmulatorFixture service) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task A_seed_adds_templates_buckets_nodes_images_and_volumes_as_stated()
    {
        await service.ResetAsync();

        await service.SeedAsync("""
            storage_templates: [{name: fast, id: 11111111-1111-4111-8111-111111111111}]
            buckets: [{name: archive}]
            backup_nodes:
              - {backup_node_id: node-2, access_ip: 10.0.0.2, display_name: Second, cos_default: archive, fast_compression: yes}
            images:
              - name: rhel-9
                id: 22222222-2222-4222-8222-222222222222
                os_distro: rhel
                architecture: ppc64
                volumes:
                  - {size: 3MiB, content: text, storage_template: fast}
                  - {size: 1048577, content: random, data: 4KiB}
                  - {size: 2GiB, content: zeros}
            """);

        var image = (await service.Backups.GetAsync("/v2/images/22222222-2222-4222-8222-222222222222")).Body;
        Assert.Equal(("rhel-9", "rhel", "ppc64", "big-endian"), (image.GetProperty("name").GetString(), image.GetProperty("os_distro").GetString(), image.GetProperty("architecture").GetString(), image.GetProperty("endianness").GetString()));
        var files = (await new ImageSeeds(service).VolumesOfAsync(image.GetProperty("id").GetString()!)).Select(volume => new FileInfo(service.Paths.Volume(volume.VolumeId))).ToList();
        Assert.Equal([3 << 20, 1048577, 2L << 30], files.Select(file => file.Length));
        var random = await File.ReadAllBytesAsync(files[1].FullName);
        Assert.True(random[..4096].Distinct().Count() > 200);
        Assert.All(random[4096..], value => Assert.Equal(0, value));
        var volume = (await service.Backups.GetAsync($"/volumes/{files[0].Name["volume-".Length..]}")).Body.GetProperty("volume");
        Assert.Equal(("fast", "true"), (volume.GetProperty("volume_type").GetString(), volume.GetProperty("bootable").GetString()));
        var node = (await service.Backups.GetAsync("/backup-nodes/node-2")).Body.GetProperty("backup_node").GetProperty("registration");
        Assert.Equal(("archive", true), (node.GetProperty("cos_default").GetString(), node.GetProperty("fast_compression").GetBoolean()));
        Assert.True(Directory.Exists(Path.Combine(service.Paths.Cos, "archive")));
    }

    [Theory]
    [InlineData("available", true, false)]
    [InlineData("uploaded", true, true)]
    [InlineData("upload_failed", true, false)]
    [InlineData("download_failed", true, true)]
    [InlineData("error", false, false)]
    [InlineData("creating_backup", false, false)]
    [InlineData("uploading", true, false)]
    [InlineData("downloading", true, true)]
    [InlineData("extracting_ova", true, false)]
    [InlineData("deleting", true, false)]
    public async Task An_image_backup_reaches_its_status_by_real_operations(string status, bool isOnNode, bool isInBucket)
    {
        await service.ResetAsync();

        var id = Assert.Single(await service.SeedAsync($$"""
            images: [{name: source, volumes: [{size: 2MiB}]}]
            image_backups: [{name: seeded, image: source, status: {{status}}, fail_reason: out of tape, progress: 0.25, created_at: 2026-01-31T23:00:00Z}]
            """));

        var backup = await service.Backups.ShowAsync(id);
        Assert.Equal((status, "seeded"), (backup.GetProperty("status").GetString(), backup.GetProperty("name").GetString()));
        Assert.StartsWith("2026-01-31T23:00:00", backup.GetProperty("created_at").GetString());
        Assert.Equal(status is "error" or "upload_failed" or "download_failed", backup.GetProperty("fail_reason").GetString()?.Contains("out of tape") == true);
        Assert.Equal(isOnNode, File.Exists(Path.Combine(service.Paths.BackupNode("local"), $"seeded_{id}.ova")));
        Assert.Equal(isInBucket, File.Exists(Path.Combine(service.Paths.Cos, "cos-default", $"seeded_{id}.ova")));
        if (status is "available" or "uploaded" or "upload_failed")
        {
            await service.Backups.SucceedAsync(await service.Backups.BeginAsync(id, "verify"));
        }
    }

    [Fact]
    public async Task An_operation_that_waits_goes_on_when_its_fault_is_removed()
    {
        await service.ResetAsync();
        var id = Assert.Single(await service.SeedAsync("""
            images: [{name: source, volumes: [{size: 2MiB}]}]
            image_backups: [{name: seeded, image: source, status: uploading}]
            """));

        await service.Client.DeleteJsonAsync("/emulator/faults");

        await Polling.UntilAsync("the upload", async () => await service.Backups.StatusAsync(id) == "uploaded");
    }

    [Fact]
    public async Task A_seed_that_is_sent_again_adds_nothing()
    {
        await service.ResetAsync();
        const string seed = """{"images": [{"name": "source", "volumes": [{"size": 65536}]}], "image_backups": [{"name": "once", "image": "source"}], "backup_nodes": [{"backup_node_id": "n", "access_ip": "n"}]}""";

        var first = await service.SendSeedAsync(seed, "application/json");
        var second = await service.SendSeedAsync(seed, "application/json");

        Assert.Equal(HttpStatusCode.Created, second.Status);
        Assert.Equal(first.Body.ToString(), second.Body.ToString());
        Assert.Single((await service.Backups.GetAsync("/image-backups")).Body.GetProperty("image-backups").EnumerateArray());
    }

    [Theory]
    [InlineData("images: [{name: a, volumes: [{size: 1MiB}, {size: 64Mb}]}]", "images[0]: Invalid input for field/attribute size. Value: 64Mb. Use a number of bytes, or text such as 512KiB, 64MiB or 2GiB, from 1 to 70368744177664 bytes.")]
    [InlineData("images: [{name: a, volumes: [{size: 1MiB, data: 2MiB}]}]", "images[0]: Invalid input for field/attribute data. Value: 2MiB. Use a number of bytes, or text such as 512KiB, 64MiB or 2GiB, from 1 to 1048576 bytes.")]
    [InlineData("images: [{name: a, volumes: [{size: 1MiB, content: noise}]}]", "images[0]: volumes[0]: Invalid input for field/attribute content. Value: noise. 'noise' is not one of ['mixed', 'text', 'random', 'zeros']")]
    [InlineData("images: [{name: a, volumes: []}]", "images[0]: Invalid input for field/attribute volumes. It is empty. Give at least one volume, the boot volume first.")]
    [InlineData("images: [{name: a, id: b, volumes: [{size: 1}]}]", "images[0]: Invalid input for field/attribute id. Value: b. Use a UUID such as 9c219888-1ab0-429e-9282-7cbc6957c839.")]
    [InlineData("images: [{name: a, volumes: [{size: 1, storage_template: gold}]}]", "images[0]: Volume type gold could not be found.")]
    [InlineData("images: {name: a}", "Invalid input for field/attribute images. It is not a list")]
    [InlineData("image_backups: [{name: a, image: nowhere}]", "image_backups[0]: Invalid input for field/attribute image. Value: nowhere. The project sees no image of this name or id. Add it below images.")]
    [InlineData("image_backups: [{name: a, image: b, status: ready}]", "image_backups[0]: Invalid input for field/attribute status. Value: ready. 'ready' is not one of ['creating_backup', 'uploading', 'downloading', 'extracting_ova', 'deleting', 'available', 'uploaded', 'upload_failed', 'download_failed', 'error']")]
    [InlineData("image_backups: [{name: a, image: b, created_at: yesterday}]", "image_backups[0]: Invalid input for field/attribute created_at. Value: yesterday. Use a time such as 2026-01-31T23:00:00Z.")]
    [InlineData("buckets: [{name: UPPER}]", "buckets[0]: Invalid input for field/attribute name. Value: UPPER. Use 3 to 63 lower-case letters, digits, dots and dashes, as S3 permits.")]
    [InlineData("users: [{name: a, password: b, roles: [root]}]", "Users:0:Roles: 'root' is not one of admin, member, reader.")]
    [InlineData("volumes: []", "Additional properties are not allowed ('volumes' was unexpected)")]
    [InlineData("images: [", "Malformed request body: line 2, column 1: ")]
    public async Task A_wrong_seed_is_refused_with_the_field_the_value_and_what_is_accepted(string yaml, string message)
    {
        var answer = await service.SendSeedAsync(yaml);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith(message, answer.Message);
        Assert.DoesNotContain('\n', answer.Message);
    }

    [Fact]
    public async Task More_waiting_operations_than_workers_are_refused()
    {
        var backups = string.Join(", ", Enumerable.Range(0, 6).Select(number => $"{{name: b{number}, image: source, status: uploading}}"));

        var answer = await service.SendSeedAsync($"image_backups: [{backups}]");

        Assert.Equal(
            "Invalid input for field/attribute image_backups. 6 operations would wait, and Flows:MaxConcurrent is 6, so no other operation could run. Set Flows:MaxConcurrent to 7 or more.",
            answer.Message);
    }

    [Fact]
    public async Task Aliases_of_aliases_do_not_fill_the_memory()
    {
        var yaml = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range('b', 9).Select(letter => $"{(char)letter}: &{(char)letter} [{string.Join(',', Enumerable.Repeat($"*{(char)(letter - 1)}", 10))}]\n"));

        var answer = await service.SendSeedAsync(yaml);

        Assert.Equal("Malformed request body: it has more than 100000 values. Use fewer aliases.", answer.Message);
    }
}
