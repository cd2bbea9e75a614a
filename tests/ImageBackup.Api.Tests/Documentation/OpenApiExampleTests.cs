using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>
/// Calls every operation of the OpenAPI document as Swagger UI does, with its unchanged examples. Values that are not known beforehand (a token, a task's or
/// a volume's id, an S3 server) are filled in.
/// </summary>
public sealed class OpenApiExampleTests(WholeServiceFixture service) : IClassFixture<WholeServiceFixture>
{
    private const string Project = "/v3/{project_id}";
    private const string Import = $"POST {Project}/image-backups/import_image";
    /// <summary>A stream without an end, which has tests of its own.</summary>
    private const string Events = $"GET {Project}/image-backups/events";
    private const string Retry = $"POST {Project}/image-backups/{{id}}/retry";
    private const string Tokens = "/identity/v3/auth/tokens";

    // The first list runs first, because other operations need its results. The second list runs last, because it deletes them. The rest keeps the document's order.
    private static readonly string[] First =
    [
        $"POST {Tokens}", $"POST {Project}/image-backups/export_image", $"POST {Project}/image-backups/{{id}}/upload", $"POST {Project}/image-backups/{{id}}/download",
        $"GET {Project}/image-backups/{{id}}/upload", $"GET {Project}/image-backups/{{id}}/download", Retry, Import, $"POST {Project}/backup-nodes",
        $"POST {Project}/cos", $"POST {Project}/volumes", "POST /v2/images", "PUT /v2/images/{id}/file", "POST /emulator/snapshots",
    ];

    private static readonly string[] Last =
    [
        $"PUT {Project}/image-backups/{{id}}/reset_status", $"DELETE {Project}/image-backups/{{id}}", $"DELETE {Project}/backup-nodes/{{id}}", $"DELETE {Project}/cos/{{id}}",
        $"DELETE {Project}/volumes/{{id}}", "DELETE /v2/images/{id}/tags/{tag}", "DELETE /v2/images/{id}", "POST /emulator/faults", "DELETE /emulator/faults/{id}", "DELETE /emulator/faults",
        "POST /emulator/snapshots/{name}/restore", "DELETE /emulator/snapshots/{name}", "DELETE /emulator/clock", "PUT /emulator/clock",
        $"DELETE {Tokens}", "POST /emulator/reset",
    ];

    private readonly Dictionary<string, string> learned = [];
    private string token = "";

    [Fact]
    public async Task Every_example_is_answered_as_documented()
    {
        await using var swift = await SwiftServer.StartAsync();
        await MakeBucketAsync(swift);
        var document = await ReadAsync();
        var operations = document.Operations.Where(operation => operation.Name != Events).OrderBy(operation => Rank(operation.Name)).ToList();
        Assert.Subset(document.Operations.Select(operation => operation.Name).ToHashSet(), First.Concat(Last).ToHashSet());

        var differences = new List<string?>();
        foreach (var operation in operations)
        {
            foreach (var example in operation.Examples)
            {
                await PrepareAsync(operation);
                if (example is not null)
                {
                    differences.Add(await document.ValidateAsync(operation.Body!.Value.Media["schema"]!, example) is { } problem ? $"Example of {operation.Name}: {problem}" : null);
                }

                using var answer = await SendAsync(operation, Body(operation, example?.Replace("https://s3.example", swift.Url, StringComparison.Ordinal)
                    .Replace("\"key\"", $"\"{SwiftServer.AccessKey}\"", StringComparison.Ordinal).Replace("\"secret_key\":\"secret\"", $"\"secret_key\":\"{SwiftServer.SecretKey}\"", StringComparison.Ordinal)));
                differences.Add(await document.FindDifferenceAsync(operation, answer));
                differences.Add((int)answer.StatusCode == operation.Success ? null : $"{operation.Name} answers {(int)answer.StatusCode}, not {operation.Success}: {await answer.Content.ReadAsStringAsync()}");
                await LearnAsync(operation, answer);
            }
        }

        AssertNone(differences);
    }

    [Fact]
    public async Task Every_example_of_an_error_matches_the_real_error()
    {
        var document = await ReadAsync();

        var differences = new List<string?>();
        foreach (var operation in document.Operations)
        {
            foreach (var (status, response) in operation.Node["responses"]!.AsObject().Select(response => (response.Key, document.Response(operation, int.Parse(response.Key, null)))))
            {
                if (response!["content"]?["application/json"] is { } media && media["example"] is { } example)
                {
                    differences.Add(await document.ValidateAsync(media["schema"]!, example.ToJsonString()));
                    Assert.Equal(status, $"{example.AsObject().Single().Value!["code"]}");
                }
            }
        }

        Assert.True(differences.Count > 500, $"Only {differences.Count} faults have an example.");
        AssertNone(differences);
    }

    [Fact]
    public async Task Every_error_has_the_documented_shape()
    {
        var document = await ReadAsync();
        token = await LogInAsync(document);

        var differences = new List<string?>();
        foreach (var operation in document.Operations.Where(operation => operation.IsGuarded))
        {
            await ExpectAsync(401, operation, Body(operation, operation.Examples[0]), "made-up");
            if (operation.Path.Contains("{id}", StringComparison.Ordinal))
            {
                await ExpectAsync(404, operation, Body(operation, operation.Examples[0]), token, "4711");
            }

            if (operation.Body is { Type: not "application/octet-stream" } body && operation.IsBodyRequired)
            {
                await ExpectAsync(400, operation, Content("{", body.Type), token);
                await ExpectAsync(413, operation, Content(new string(' ', 120_000), body.Type), token);
                await ExpectAsync(415, operation, Content("{}", "text/plain"), token);
            }
        }

        AssertNone(differences);

        async Task ExpectAsync(int status, ApiOperation operation, HttpContent? body, string caller, string? id = null)
        {
            using var answer = await SendAsync(operation, body, caller, id);
            differences.Add((int)answer.StatusCode == status ? await document.FindDifferenceAsync(operation, answer) : $"{operation.Name} answers {(int)answer.StatusCode}, not {status}.");
        }
    }

    private static void AssertNone(IEnumerable<string?> differences)
    {
        var found = differences.OfType<string>().ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    private static int Rank(string name)
        => Array.IndexOf(First, name) is >= 0 and var early ? early - First.Length : Array.IndexOf(Last, name) is >= 0 and var late ? late + 1 : 0;

    private async Task<ApiDocument> ReadAsync() => new(await service.Client.GetStringAsync("/swagger/v1/swagger.json"));

    /// <summary>The bucket of the examples, on a separate server.</summary>
    private static async Task MakeBucketAsync(SwiftServer swift)
    {
        _ = await swift.CreateBucketAsync();
        using var client = S3Client.Create(swift.Credentials(), new CosOptions(), TimeProvider.System, NullLogger.Instance);
        await client.PutBucketAsync("bucket-1");
    }

    /// <summary>Creates the state that an operation needs.</summary>
    private async Task PrepareAsync(ApiOperation operation)
    {
        if (operation.Name == Import)
        {
            await File.WriteAllBytesAsync(Path.Combine(service.Paths.BackupNode("local"), "disk.raw"), new byte[1 << 20]);
        }
        else if (operation.Name == Retry)
        {
            service.Fail("upload_ova_*", 0);
            await UploadAsync();
            await Polling.UntilAsync("the upload to fail", async () => (await ShowAsync()).Contains("upload_failed", StringComparison.Ordinal));
        }
        else if (operation.Name == Last[0])
        {
            service.ClearFaults();
            service.Stall("upload_ova_*", 0);
            await UploadAsync();
        }
        else if (operation.Name == "DELETE /emulator/faults/{id}")
        {
            // The example has the first id; the service continues after earlier ones.
            learned["fault"] = $"{service.Stall("nothing", 0).Id}";
        }
        else if (operation.Name == $"DELETE {Tokens}")
        {
            learned["subject"] = await LogInAsync(await ReadAsync());
        }
    }

    private async Task UploadAsync()
    {
        using var upload = new HttpRequestMessage(HttpMethod.Post, ServiceFixture.V3("/image-backups/1/upload"));
        upload.Headers.Add("X-Auth-Token", token);
        using var started = await service.Client.SendAsync(upload);
        started.EnsureSuccessStatusCode();
    }

    private async Task<string> ShowAsync()
    {
        using var show = new HttpRequestMessage(HttpMethod.Get, ServiceFixture.V3("/image-backups/1"));
        show.Headers.Add("X-Auth-Token", token);
        using var shown = await service.Client.SendAsync(show);
        return await shown.Content.ReadAsStringAsync();
    }

    private async Task<string> LogInAsync(ApiDocument document)
    {
        var logIn = document.Operations.Single(operation => operation.Name == First[0]);
        using var answer = await SendAsync(logIn, Body(logIn, logIn.Examples[0]));
        return Assert.Single(answer.Headers.GetValues("X-Subject-Token"));
    }

    /// <summary>Stores values that later examples need, and waits for the started operation.</summary>
    private async Task LearnAsync(ApiOperation operation, HttpResponseMessage answer)
    {
        if (operation.Name == First[0])
        {
            token = learned["subject"] = Assert.Single(answer.Headers.GetValues("X-Subject-Token"));
        }

        if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return;
        }

        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
        if (operation.Name == $"POST {Project}/volumes")
        {
            learned["volume"] = (string)body!["volume"]!["id"]!;
        }

        if (body is JsonObject && (string?)body["image-backup"]?["task_uri"] is { } uri)
        {
            if ((int)body["image-backup"]!["backup_id"]! == 1)
            {
                learned["task_id"] = uri.Split("task_id=")[1].Split('&')[0];
            }

            await Polling.UntilAsync(uri, async () => await HasEndedAsync(new Uri(uri).PathAndQuery));
        }
    }

    private async Task<bool> HasEndedAsync(string progress)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, progress + "&details=true");
        request.Headers.Add("X-Auth-Token", token);
        using var answer = await service.Client.SendAsync(request);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("details").TryGetProperty("finished_at", out _);
    }

    private async Task<HttpResponseMessage> SendAsync(ApiOperation operation, HttpContent? body, string? caller = null, string? id = null)
    {
        var path = operation.Path;
        var query = new List<string>();
        using var request = new HttpRequestMessage { Method = new HttpMethod(operation.Method), Content = body };
        foreach (var parameter in operation.Parameters.Where(parameter => parameter["example"] is not null))
        {
            var name = (string)parameter["name"]!;
            var value = (name == "id" ? id : null) ?? Known(operation, name) ?? parameter["example"]!.ToString();
            if ((string?)parameter["in"] == "path")
            {
                path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            }
            else if ((string?)parameter["in"] == "query")
            {
                query.Add($"{name}={Uri.EscapeDataString(value)}");
            }
            else
            {
                request.Headers.Add(name, value);
            }
        }

        request.RequestUri = new Uri(path + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (operation.IsGuarded)
        {
            request.Headers.Add("X-Auth-Token", caller ?? token);
        }

        return await service.Client.SendAsync(request, HttpCompletionOption.ResponseContentRead);
    }

    private string? Known(ApiOperation operation, string parameter) => (parameter, operation.Path) switch
    {
        ("task_id", _) => learned.GetValueOrDefault("task_id"),
        ("X-Subject-Token", _) => learned.GetValueOrDefault("subject"),
        ("id", $"{Project}/volumes/{{id}}") => learned.GetValueOrDefault("volume"),
        ("id", "/emulator/faults/{id}") => learned.GetValueOrDefault("fault"),
        _ => null,
    };

    private static ByteArrayContent? Body(ApiOperation operation, string? example) => operation.Body switch
    {
        null => null,
        ("application/octet-stream", _) => Content(new string('x', 1 << 20), "application/octet-stream"),
        var (type, _) => example is null ? null : Content(example, type),
    };

    private static ByteArrayContent Content(string text, string type)
        => new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
}
