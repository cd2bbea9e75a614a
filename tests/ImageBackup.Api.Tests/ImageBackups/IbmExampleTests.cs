using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>The examples of IBM's page "Export or import image": the requests and their complete responses.</summary>
public sealed class IbmExampleTests(IbmExampleTests.SampleService service) : FlowTest(service), IClassFixture<IbmExampleTests.SampleService>
{
    private const string Guid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    /// <summary>A service with the image, the backup node and the bucket of the samples.</summary>
    public sealed class SampleService : ServiceFixture
    {
        public SampleService() => Settings["ImageBackup:Demo:Enabled"] = "true";

        public async Task PrepareAsync()
        {
            var registration = new { backup_nodes = new { registration = new { access_ip = "9.1.2.3", display_name = "The samples' node", backup_node_id = "vm-xxx" } } };
            await new BackupClient(this).PostAsync("/backup-nodes", registration);
            Directory.CreateDirectory(Path.Combine(Paths.Cos, "bucket-1"));
        }
    }

    [Fact]
    public async Task Export_without_upload()
    {
        await service.PrepareAsync();

        var answer = await Client.PostAsync("/image-backups/export_image", """
            {
            "image-backup": {
                "name": "export-to-backup-node",
                "description": "export to backup node without upload to cos",
                "src_image_id": "9c219888-1ab0-429e-9282-7cbc6957c839",
                "backup_host": "vm-xxx",
                "upload_to_cos":  "False",
                "compression": "Fast"
                }
            }
            """);

        var started = AssertStarted(answer, "export");
        await Client.SucceedAsync(started);
        var details = await Client.ProgressAsync(started);
        var source = (await Seeds.VolumesOfAsync("9c219888-1ab0-429e-9282-7cbc6957c839")).Single().VolumeId;
        AssertSame(
            $$"""
            {
              "flow_details": { "ExportFlow": "SUCCESS" },
              "progress": 100,
              "completed_tasks": {
                "temp_vol_{{source}}_{{started.Id}}": "SUCCESS",
                "backup_vol_{{source}}_{{started.Id}}": "SUCCESS",
                "delete_vol_{{source}}_{{started.Id}}": "SUCCESS",
                "create_ova_{{started.Id}}": "SUCCESS",
                "update_task": "SUCCESS"
              },
              "pending_tasks": {}
            }
            """,
            details,
            except: "task_results");
        AssertExportResults(details.GetProperty("task_results"), source, started.Id);
    }

    [Fact]
    public async Task Export_with_upload()
    {
        await service.PrepareAsync();

        var answer = await Client.PostAsync("/image-backups/export_image", """
            {
            "image-backup": {
                "name": "export-to-cos",
                "description": "export to backup node with upload to cos",
                "src_image_id": "9c219888-1ab0-429e-9282-7cbc6957c839",
                "cos_bucket": "bucket-1",
                "backup_host": "vm-xxx",
                "upload_to_cos":  "True"
                }
            }
            """);

        var started = AssertStarted(answer, "export");
        var details = await Client.SucceedAsync(started);
        Assert.Equal(new Dictionary<string, string> { ["ExportFlow"] = "SUCCESS", ["UploadFlow"] = "SUCCESS" }, States(details, "flow_details"));
        Assert.Equal("SUCCESS", States(details, "completed_tasks")[$"upload_ova_{started.Id}"]);
        Assert.Equal("uploaded", await Client.StatusAsync(started.Id));
        Assert.True(File.Exists(Path.Combine(Service.Paths.Cos, "bucket-1", $"export-to-cos_{started.Id}.ova")));
    }

    [Theory]
    [InlineData("False", null)]
    [InlineData("True", "\"bucket-1\"")]
    public async Task Import_of_a_known_backup(string upload, string? bucket)
    {
        await service.PrepareAsync();
        var exported = await Client.ExportedAsync("9c219888-1ab0-429e-9282-7cbc6957c839", ("upload_to_cos", upload), ("cos_bucket", bucket is null ? null : "bucket-1"), ("backup_host", "vm-xxx"));

        var answer = await Client.PostAsync("/image-backups/import_image", $$"""
            {
            "import-image": {
                "name": "Import-from-Backup-node",
                "description": "Importing an image from the backup node",
                "image_backup_id": {{exported.Id}},
                "volume_type": "9c219888-1ab0-429e-9282-7cbc6957c839",
                "backup_host": "vm-xxx"
                }
            }
            """);

        var started = AssertStarted(answer, "import");
        await Client.SucceedAsync(started);
        Assert.Equal(exported.Id, started.Id);
        var details = await Client.ProgressAsync(started);
        Assert.Equal(["flow_details", "progress", "completed_tasks", "pending_tasks", "task_results"], details.EnumerateObject().Select(property => property.Name));
        AssertSame("""{ "PreImportFlow": "SUCCESS", "ImportFlow": "SUCCESS" }""", details.GetProperty("flow_details"));
        AssertImportResults(details, started.Id, $"extract_ova_backup_{exported.Id}.ova", "Import-from-Backup-node", isFetched: bucket is not null);
    }

    [Fact]
    public async Task Import_with_download_when_there_is_no_backup()
    {
        await service.PrepareAsync();
        var exported = await Client.ExportedAsync("9c219888-1ab0-429e-9282-7cbc6957c839");
        File.Move(await OvaOfAsync(exported.Id), Path.Combine(Service.Paths.Cos, "bucket-1", "Export-Image-to-Backup_node_29.ova"));

        var answer = await Client.PostAsync("/image-backups/import_image", """
            {
                "import-image": {
                    "name": "Import-from-Backup-node",
                    "description": "Importing an image from the backup node",
                    "volume_type": "9c219888-1ab0-429e-9282-7cbc6957c839",
                    "ova_name": "Export-Image-to-Backup_node_29.ova",
                    "cos_bucket": "bucket-1",
                    "backup_host": "vm-xxx"
                }
            }
            """);

        var started = AssertStarted(answer, "import");
        await Client.SucceedAsync(started);
        Assert.NotEqual(exported.Id, started.Id);
        Assert.Equal("available", await Client.StatusAsync(started.Id));
        AssertImportResults(await Client.ProgressAsync(started), started.Id, "extract_ova_Export-Image-to-Backup_node_29.ova", "Import-from-Backup-node", isFetched: true);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("import")]
    public async Task A_task_uri_with_the_wrong_action_of_the_samples_is_accepted(string action)
    {
        var started = await Client.ExportedAsync("9c219888-1ab0-429e-9282-7cbc6957c839");

        var answer = await Client.GetAsync(new Uri(started.TaskUri).PathAndQuery.Replace("action=export", $"action={action}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(100, answer.Body.GetProperty("details").GetProperty("progress").GetInt32());
    }

    [Fact]
    public async Task Reset_to_error()
    {
        var fault = Service.Stall("backup_vol_*", 0.1);
        var started = await Client.ExportAsync("9c219888-1ab0-429e-9282-7cbc6957c839");
        await fault.StruckAsync();

        var answer = await Client.SendAsync(HttpMethod.Put, $"/image-backups/{started.Id}/reset_status", """
                  {
                "reset_status":
                    {
                             "status": "error"
                    }
              }
            """);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Empty(answer.Text);
        Assert.Equal("error", await Client.StatusAsync(started.Id));
    }

    [Fact]
    public async Task Force_delete()
    {
        var fault = Service.Stall("backup_vol_*", 0.1);
        var started = await Client.ExportAsync("9c219888-1ab0-429e-9282-7cbc6957c839");
        await fault.StruckAsync();

        var answer = await Client.DeleteAsync(started.Id, "?force=true");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Empty(answer.Text);
        await Client.GoneAsync(started.Id);
    }

    [Fact]
    public async Task The_first_printed_export_sample_is_refused_at_its_first_typographic_quote()
    {
        var answer = await Client.PostAsync("/image-backups/export_image", """
            {
            "image-backup": {
                "name": “export-to-backup-node”,
                "description": “export to backup node without upload to cos”,
                "src_image_id": “9c219888-1ab0-429e-9282-7cbc6957c839",
                "backup_host": “vm-xxx”,
                "upload_to_cos":  ”False”
                "compression": "Fast" 
                }
            }
            """);

        AssertRefused(answer, "Malformed request body: “ U+201C at line 3, column 13: use the plain quote \"");
    }

    [Fact]
    public async Task The_second_printed_export_sample_is_refused_at_its_first_typographic_quote()
    {
        var answer = await Client.PostAsync("/image-backups/export_image", """
            {
            "image-backup": {
                "name": “export-to-cos”,
                "description": “export to backup node with upload to cos”,
                "src_image_id": “9c219888-1ab0-429e-9282-7cbc6957c839",
                "cos_bucket": ”bucket-1”,
                "backup_host": “vm-xxx”,
                "upload_to_cos":  ”True”
                }
            }
            """);

        AssertRefused(answer, "Malformed request body: “ U+201C at line 3, column 13: use the plain quote \"");
    }

    [Theory]
    [InlineData("\"image_backup_id\": 32,")]
    [InlineData("\"volume_type\": \"9c219888-1ab0-429e-9282-7cbc6957c839\",")]
    public async Task The_printed_import_samples_are_refused_at_the_quote_after_the_description(string next)
    {
        var answer = await Client.PostAsync("/image-backups/import_image", $$"""
            {
            "import-image": {
                "name": "Import-from-Backup-node",
                "description": "Importing an image from the backup node”,
                {{next}}
                "backup_host": "vm-xxx"
                }
            }
            """);

        AssertRefused(answer, "Malformed request body: ” U+201D at line 4, column 60: use the plain quote \"");
    }

    [Fact]
    public async Task The_missing_comma_of_the_first_sample_is_reported_at_its_position()
    {
        var answer = await Client.PostAsync("/image-backups/export_image", """
            {
            "image-backup": {
                "name": "export-to-backup-node",
                "src_image_id": "9c219888-1ab0-429e-9282-7cbc6957c839",
                "upload_to_cos":  "False"
                "compression": "Fast"
                }
            }
            """);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("Malformed request body: ", answer.Message, StringComparison.Ordinal);
        Assert.EndsWith("at line 6, column 5", answer.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(ApiAnswer answer, string message)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        AssertSame(new JsonObject { ["badRequest"] = new JsonObject { ["code"] = 400, ["message"] = message } }.ToJsonString(), answer.Body);
    }

    /// <summary>Checks for a 201 with exactly two members in the envelope, and for the request ids.</summary>
    private static StartedBackup AssertStarted(ApiAnswer answer, string action)
    {
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("application/json", answer.ContentType?.MediaType);
        Assert.Matches($"^req-{Guid}$", Assert.Single(answer.Headers.GetValues("x-openstack-request-id")));
        var envelope = Assert.Single(answer.Body.EnumerateObject());
        Assert.Equal("image-backup", envelope.Name);
        Assert.Equal(["backup_id", "task_uri"], envelope.Value.EnumerateObject().Select(property => property.Name));
        var started = new StartedBackup(envelope.Value.GetProperty("backup_id").GetInt32(), envelope.Value.GetProperty("task_uri").GetString()!);
        Assert.Matches($"^http://localhost/v3/{ServiceFixture.ProjectId}/image-backups/get_progress\\?action={action}&task_id={Guid}&backup_id={started.Id}$", started.TaskUri);
        return started;
    }

    private static void AssertExportResults(JsonElement results, string source, int id)
    {
        var temporary = results.GetProperty($"temp_vol_{source}_{id}").GetString()!;
        var backup = results.GetProperty($"backup_vol_{source}_{id}");
        var cinderBackup = backup.GetProperty("backup_id").GetString()!;
        var file = $"temp_vol_{source[..3]}-{temporary[..16]}_{id}";
        Assert.Matches($"^{Guid}$", temporary);
        Assert.Matches($"^{Guid}$", cinderBackup);
        Assert.Matches($"^volume_{temporary}_[0-9]{{14}}_backup_{cinderBackup}$", backup.GetProperty("service_metadata").GetString());
        AssertSame(
            $$"""
            { "backup_id": "{{cinderBackup}}", "volume_id": "{{source}}", "boot_index": 0, "size": 1, "backup_file_name": "{{file}}", "container": "demo-aix-9c219888-1ab0-42_{{id}}/{{file}}" }
            """,
            backup,
            except: "service_metadata");
        AssertSame($$"""{ "delete_vol_{{source}}_{{id}}": null, "create_ova_{{id}}": null, "update_task": null }""", results, $"temp_vol_{source}_{id}", $"backup_vol_{source}_{id}");
    }

    private static void AssertImportResults(JsonElement details, int id, string extract, string image, bool isFetched)
    {
        var results = details.GetProperty("task_results").EnumerateObject().ToDictionary(result => result.Name, result => result.Value);
        var restored = results.Keys.Single(name => name.StartsWith("restored_", StringComparison.Ordinal));
        var volume = results[restored].GetString();
        Assert.Matches($"^restored_[0-9a-f]{{8}}-[0-9a-f]{{4}}-1[0-9a-f]{{3}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}_{id}$", restored);
        Assert.Matches($"^{Guid}$", volume);
        Assert.Matches($"^{Guid}$", results[$"create_image_{image}"].GetString());
        var restore = results.Keys.Single(name => System.Text.RegularExpressions.Regex.IsMatch(name, $"^restore_{Guid}$"));
        AssertSame(
            $$"""[{ "boot_index": 0, "source_type": "volume", "delete_on_termination": "true", "destination_type": "volume", "device_type": "disk", "volume_id": "{{volume}}" }]""",
            results[$"create_map_{restored}"]);
        string[] nulls = [restore, extract, $"update_img_{image}", .. isFetched ? (string[])[$"download_ova_{id}"] : []];
        Assert.All(nulls, name => Assert.Equal(JsonValueKind.Null, results[name].ValueKind));
        Assert.Equal([.. nulls.Append(restored).Append($"create_map_{restored}").Append($"create_image_{image}").Order(StringComparer.Ordinal)], results.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(results.Keys.Order(StringComparer.Ordinal), States(details, "completed_tasks").Where(task => task.Value == "SUCCESS").Select(task => task.Key).Order(StringComparer.Ordinal));
        Assert.Empty(States(details, "pending_tasks"));
        Assert.Equal(100, details.GetProperty("progress").GetInt32());
    }

    /// <summary>Compares JSON without regard to the order of members. <paramref name="except"/> names members that were compared before.</summary>
    private static void AssertSame(string expected, JsonElement actual, params string[] except)
    {
        var node = JsonNode.Parse(actual.GetRawText())!;
        foreach (var name in except)
        {
            node.AsObject().Remove(name);
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), node), $"Expected {expected}, got {node}");
    }
}
