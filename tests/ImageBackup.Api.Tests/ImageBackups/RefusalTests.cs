using System.Net;
using System.Text.Json;
using ImageBackup.Core.Catalog;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Refusals and their messages. A refusal leaves nothing behind.</summary>
public sealed class RefusalTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private const string Export = "/image-backups/export_image";
    private const string Import = "/image-backups/import_image";
    private const string Field = "Invalid input for field/attribute ";
    private static readonly string LongName = new('n', 256);

    public static TheoryData<string, string, string> BadExports => new()
    {
        { "", "Malformed request body: it is empty, JSON is expected.", "no body" },
        { "[]", "[] is not of type 'object'", "a list" },
        { "{}", "'image-backup' is a required property", "no envelope" },
        { """{"image-backup":7}""", $"{Field}image-backup. Value: 7. 7 is not of type 'object'", "a number" },
        { """{"image-backup":{},"more":1}""", "Additional properties are not allowed ('more' was unexpected)", "beside the envelope" },
        { Body("\"src_image_id\":\"x\""), $"{Field}image-backup. 'name' is a required property", "no name" },
        { Body("\"name\":\"a\""), $"{Field}image-backup. 'src_image_id' is a required property", "no image" },
        { Body("\"name\":\"\",\"src_image_id\":\"x\""), $"{Field}name. Value: . '' should be non-empty", "empty name" },
        { Body("\"name\":\"  \",\"src_image_id\":\"x\""), $"{Field}name. Value:   . '' should be non-empty", "blank name" },
        { Body("\"name\":5,\"src_image_id\":\"x\""), $"{Field}name. Value: 5. 5 is not of type 'string'", "number for name" },
        { Body($"\"name\":\"{LongName}\",\"src_image_id\":\"x\""), $"{Field}name. Value: {LongName}. It is too long: 256 characters, at most 255 are allowed", "long name" },
        { Body($"\"name\":\"a\",\"src_image_id\":\"x\",\"description\":\"{LongName}\""), $"{Field}description. Value: {LongName}. It is too long: 256 characters, at most 255 are allowed", "long description" },
        { Body("\"name\":\"a\",\"src_image_id\":\"x\",\"upload_to_cos\":\"maybe\""), $"{Field}upload_to_cos. Value: maybe. 'maybe' is not one of [True, 'true', '1', 'on', 'yes', 'y', 't', False, 'false', '0', 'off', 'no', 'n', 'f'] (in any case)", "no boolean" },
        { Body("\"name\":\"a\",\"src_image_id\":\"x\",\"compression\":\"best\""), $"{Field}compression. Value: best. 'best' is not one of ['True', 'Fast', 'False'] (in any case, or a boolean)", "no compression" },
        { Body("\"name\":\"a\",\"src_image_id\":\"x\",\"compression\":9"), $"{Field}compression. Value: 9. 9 is not one of ['True', 'Fast', 'False'] (in any case, or a boolean)", "number for compression" },
        { Body("\"name\":\"a\",\"src_image_id\":\"x\",\"cos_bucket\":\"one\",\"cos-bucket\":\"two\""), $"{Field}cos-bucket. Value: two. cos_bucket says one; give one of them, or the same in both.", "two buckets" },
        { Body("\"name\":\"a\",\"src_image_id\":\"x\",\"compresion\":\"Fast\",\"nmae\":1"), $"{Field}image-backup. Additional properties are not allowed ('compresion', 'nmae' were unexpected)", "unknown" },
        { Body("\"name\":\"a\",\"name\":\"b\",\"src_image_id\":\"x\""), "Malformed request body: the key 'name' occurs more than once in one object.", "twice" },
    };

    public static TheoryData<string, string, string> BadImports => new()
    {
        { "{}", "'import-image' is a required property", "no envelope" },
        { Of(""), $"{Field}import-image. 'name' is a required property", "no name" },
        { Of("\"name\":\"a\""), "Invalid input for import-image: one of image_backup_id, ova_name, cos_bucket with ova_name, or source_url is needed to say what to import.", "nothing to import" },
        { Of("\"name\":\"a\",\"cos_bucket\":\"cos-default\""), $"{Field}ova_name. It is missing: cos_bucket alone does not say which object of the bucket to import.", "bucket alone" },
        { Of("\"name\":\"a\",\"image_backup_id\":\"x\""), $"{Field}image_backup_id. Value: x. 'x' is not an integer from 1 to 2147483647", "no integer" },
        { Of("\"name\":\"a\",\"image_backup_id\":0"), $"{Field}image_backup_id. Value: 0. 0 is less than the minimum of 1", "zero" },
        { Of("\"name\":\"a\",\"image_backup_id\":2147483648"), $"{Field}image_backup_id. Value: 2147483648. 2147483648 is greater than the maximum of 2147483647", "too large" },
        { Of("\"name\":\"a\",\"ova_name\":\"x.zip\""), $"{Field}ova_name. Value: x.zip. An archive ends in .ova, .ova.gz, .ova.xz or .ova.zst; for a raw disk on the node give import_from_raw_file.", "other format" },
        { Of("\"name\":\"a\",\"ova_name\":\"x.zip\",\"cos_bucket\":\"cos-default\""), $"{Field}ova_name. Value: x.zip. An archive ends in .ova, .ova.gz, .ova.xz or .ova.zst; for a raw disk on the node give import_from_raw_file.", "other format in a bucket" },
        { Of("\"name\":\"a\",\"ova_name\":\"../x.ova\""), $"{Field}ova_name. Value: ../x.ova. It must be the name of a file at the top of the backup node, without path.", "path" },
        { Of("\"name\":\"a\",\"ova_name\":\".x.ova\""), $"{Field}ova_name. Value: .x.ova. It must be the name of a file at the top of the backup node, without path.", "hidden" },
        { Of("\"name\":\"a\",\"ova_name\":\"x.ova\",\"import_from_raw_file\":\"si\""), $"{Field}import_from_raw_file. Value: si. 'si' is not one of [True, 'true', '1', 'on', 'yes', 'y', 't', False, 'false', '0', 'off', 'no', 'n', 'f'] (in any case)", "no boolean" },
        { Of("\"name\":\"a\",\"ova_name\":\"x.ova\",\"os_type\":\"os2\""), $"{Field}os_type. Value: os2. 'os2' is not one of ['aix', 'ibmi', 'rhel', 'coreos', 'ubuntu', 'sles']", "other system" },
        { Of("\"name\":\"a\",\"ova_name\":\"x\",\"cos_bucket\":\"cos-default\",\"import_from_raw_file\":true,\"os_type\":\"aix\",\"architecture\":\"ppc64\""), $"{Field}import_from_raw_file. Value: true. A raw file is imported from a backup node; leave cos_bucket out.", "raw from a bucket" },
        { Of("\"name\":\"a\",\"image_backup_id\":1,\"vlume_type\":\"x\""), $"{Field}import-image. Additional properties are not allowed ('vlume_type' was unexpected)", "unknown" },
    };

    [Theory]
    [MemberData(nameof(BadExports))]
    public Task A_bad_export_is_refused_by_name(string body, string message, string why) => AssertRefusedAsync(Export, body, HttpStatusCode.BadRequest, "badRequest", message, why);

    [Theory]
    [MemberData(nameof(BadImports))]
    public Task A_bad_import_is_refused_by_name(string body, string message, string why) => AssertRefusedAsync(Import, body, HttpStatusCode.BadRequest, "badRequest", message, why);

    [Fact]
    public async Task Unknown_ids_are_not_found()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(100));
        var none = Guid.NewGuid().ToString();

        await AssertRefusedAsync(Export, Json(BackupClient.ExportBody(none)), HttpStatusCode.NotFound, "itemNotFound", $"Image {none} could not be found.", "image");
        await AssertRefusedAsync(Export, Json(BackupClient.ExportBody(imageId, ("backup_host", "vm-9"))), HttpStatusCode.NotFound, "itemNotFound", "Backup node vm-9 could not be found.", "node");
        await AssertRefusedAsync(Import, Json(BackupClient.ImportBody(("image_backup_id", 4711))), HttpStatusCode.NotFound, "itemNotFound", "Image backup 4711 could not be found.", "backup");
        await AssertRefusedAsync(Import, Json(BackupClient.ImportBody(("ova_name", "none.ova"))), HttpStatusCode.NotFound, "itemNotFound", "File none.ova could not be found on backup node local.", "file");
        await AssertRefusedAsync(Import, Json(BackupClient.ImportBody(("ova_name", "none.ova"), ("volume_type", none))), HttpStatusCode.NotFound, "itemNotFound", $"Volume type {none} could not be found.", "template");
        await AssertRefusedAsync(Import, Json(BackupClient.ImportBody(("ova_name", "none.ova"), ("backup_host", "vm-9"))), HttpStatusCode.NotFound, "itemNotFound", "Backup node vm-9 could not be found.", "node");
    }

    [Theory]
    [InlineData(255, HttpStatusCode.NotFound, "Image none could not be found.")]
    [InlineData(256, HttpStatusCode.BadRequest, "It is too long: 256 characters, at most 255 are allowed")]
    public async Task Lengths_are_counted_in_code_points(int length, HttpStatusCode status, string message)
    {
        var name = string.Concat(Enumerable.Repeat("\U0001F4BE", length));

        var answer = await Client.PostAsync(Export, Json(BackupClient.ExportBody("none", ("name", name))));

        Assert.Equal(status, answer.Status);
        Assert.EndsWith(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_down_is_unavailable()
    {
        var registration = new { backup_nodes = new { registration = new { access_ip = "9.9.9.9", display_name = "Down", backup_node_id = "down" } } };
        await Client.PostAsync("/backup-nodes", registration);
        Directory.Delete(Service.Paths.BackupNode("down"));
        var body = Json(BackupClient.ExportBody(await Seeds.ImageAsync(Content.Random(100)), ("backup_host", "Down")));

        await AssertRefusedAsync(Export, body, HttpStatusCode.ServiceUnavailable, "serviceUnavailable", "Backup node down is down: its directory is missing or cannot be written.", "down");
    }

    [Fact]
    public async Task An_image_that_is_not_active_is_refused()
    {
        var id = (await Client.PostAsync("/v2/images", new { name = "empty", disk_format = "raw", container_format = "bare" })).Body.GetProperty("id").GetString()!;

        await AssertRefusedAsync(Export, Json(BackupClient.ExportBody(id)), HttpStatusCode.BadRequest, "badRequest", $"Invalid image: Image {id} is queued; only an active image can be exported.", "queued");
    }

    [Fact]
    public async Task An_image_without_volumes_is_refused()
    {
        var (images, id) = (Service.Services.GetRequiredService<ImportedImageStore>(), Guid.NewGuid().ToString());
        await images.CreateAsync(id, "without", ServiceFixture.ProjectId, "[]", CancellationToken.None);
        await images.ActivateAsync(id, new Dictionary<string, string>(), CancellationToken.None);

        await AssertRefusedAsync(Export, Json(BackupClient.ExportBody(id)), HttpStatusCode.BadRequest, "badRequest", $"Invalid image: Image {id} has no volumes; only a volume-backed image can be exported.", "without volumes");
    }

    [Theory]
    [InlineData("action=export&task_id=6f09caf1-0468-4101-9c4d-34d0b0690fff&backup_id={id}", HttpStatusCode.NotFound, "Task 6f09caf1-0468-4101-9c4d-34d0b0690fff of image backup {id} could not be found.")]
    [InlineData("action=export&task_id={task}&backup_id=4711", HttpStatusCode.NotFound, "Task {task} of image backup 4711 could not be found.")]
    [InlineData("action=export&task_id={task}", HttpStatusCode.BadRequest, "backup_id is missing: it is part of the task_uri that export and import answer with.")]
    [InlineData("action=export&task_id={task}&backup_id=x", HttpStatusCode.BadRequest, "backup_id param must be an integer, not 'x'")]
    [InlineData("action=explode&task_id={task}&backup_id={id}", HttpStatusCode.BadRequest, "Invalid input for field/attribute action. Value: explode. It must be one of export, import, upload, download, verify.")]
    public async Task Progress_of_another_operation_is_refused(string query, HttpStatusCode status, string message)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        var task = (await Client.ShowAsync(exported.Id)).GetProperty("task_id").GetString()!;

        var answer = await Client.GetAsync($"/image-backups/get_progress?{Fill(query)}");

        Assert.Equal(status, answer.Status);
        Assert.Equal(Fill(message), answer.Message);

        string Fill(string text) => text.Replace("{task}", task, StringComparison.Ordinal).Replace("{id}", $"{exported.Id}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operations_in_the_wrong_state_are_refused()
    {
        Service.Fail("create_ova_*", 0);
        var broken = await Client.ExportAsync(await Seeds.ImageAsync(Content.Random(100)));
        await Client.WaitAsync(broken);

        await AssertRefusedAsync(Import, Json(BackupClient.ImportBody(("image_backup_id", broken.Id))), HttpStatusCode.BadRequest, "badRequest", $"Invalid image backup: Image backup {broken.Id} is error; it must be available, uploaded, upload_failed or download_failed.", "import");
        await AssertRefusedAsync($"/image-backups/{broken.Id}/upload", null, HttpStatusCode.BadRequest, "badRequest", $"Invalid image backup: Image backup {broken.Id} is error; to be uploaded it must be available or uploaded or upload_failed.", "upload");
        await AssertRefusedAsync($"/image-backups/{broken.Id}/download", null, HttpStatusCode.BadRequest, "badRequest", $"Invalid image backup: Image backup {broken.Id} is error; to be downloaded it must be uploaded or download_failed.", "download");
        await AssertRefusedAsync($"/image-backups/{broken.Id}/verify", null, HttpStatusCode.BadRequest, "badRequest", $"Invalid image backup: Image backup {broken.Id} is error; to be verified it must be available or uploaded or upload_failed or download_failed.", "verify");
    }

    [Theory]
    [InlineData("GET", "/image-backups/4711")]
    [InlineData("GET", "/image-backups/x")]
    [InlineData("DELETE", "/image-backups/4711")]
    [InlineData("POST", "/image-backups/4711/upload")]
    [InlineData("POST", "/image-backups/4711/download")]
    [InlineData("POST", "/image-backups/4711/verify")]
    public async Task An_unknown_backup_is_not_found(string method, string path)
    {
        var answer = await Client.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal($"Image backup {path.Split('/')[2]} could not be found.", answer.Message);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var answer = await Client.PostAsync(Export, Json(BackupClient.ExportBody(new string('x', 114_688))));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    private static string Body(string fields) => "{\"image-backup\":{" + fields + "}}";

    private static string Of(string fields) => "{\"import-image\":{" + fields + "}}";

    private static string Json(object body) => JsonSerializer.Serialize(body);

    private async Task AssertRefusedAsync(string path, string? body, HttpStatusCode status, string fault, string message, string why)
    {
        var before = await Footprint.TakeAsync(Service, withBackups: true);

        var answer = await Client.PostAsync(path, body);

        Assert.True(answer.Status == status, $"{why}: {answer}");
        Assert.Equal(fault, answer.Fault);
        Assert.Equal(message, answer.Message);
        Assert.Equal((int)status, answer.Body.GetProperty(fault).GetProperty("code").GetInt32());
        Assert.Equal(before, await Footprint.TakeAsync(Service, withBackups: true));
    }
}
