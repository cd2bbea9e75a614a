using System.Net;
using System.Text;
using System.Text.Json;

namespace ImageBackup.TestSupport;

/// <summary>Exports and imports with the public API, and waits for the end of operations.</summary>
/// <param name="http">Returns the client of the service that runs now. A restart replaces it.</param>
public sealed class BackupClient(Func<HttpClient> http)
{
    public BackupClient(ServiceFixture service)
        : this(() => service.Client)
    {
    }

    public BackupClient(ServiceProcess service)
        : this(() => service.Client)
    {
    }

    /// <summary>Sends a request below the project. A string is sent unchanged, anything else as JSON.</summary>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var url = path.StartsWith("/v", StringComparison.Ordinal) && !path.StartsWith("/volumes", StringComparison.Ordinal) ? path : ServiceFixture.V3(path);
        using var request = new HttpRequestMessage(method, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await http().SendAsync(request);
        return new ApiAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType);
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>Starts an export without upload, unless the fields say otherwise.</summary>
    public async Task<StartedBackup> ExportAsync(string imageId, params (string Name, object? Value)[] fields)
        => Started(await PostAsync("/image-backups/export_image", ExportBody(imageId, fields)));

    /// <summary>The body of an export without upload, unless the fields say otherwise.</summary>
    public static object ExportBody(string imageId, params (string Name, object? Value)[] fields)
        => Envelope("image-backup", [("name", "backup"), ("src_image_id", imageId), ("upload_to_cos", false), .. fields]);

    public async Task<StartedBackup> ImportAsync(params (string Name, object? Value)[] fields)
        => Started(await PostAsync("/image-backups/import_image", ImportBody(fields)));

    public static object ImportBody(params (string Name, object? Value)[] fields)
        => Envelope("import-image", [("name", "restored-image"), .. fields]);

    /// <summary>Starts one of the operations on a record: upload, download or verify.</summary>
    public async Task<StartedBackup> BeginAsync(int id, string verb, object? body = null)
        => Started(await PostAsync($"/image-backups/{id}/{verb}", body), HttpStatusCode.Accepted);

    /// <summary>Exports and waits for success.</summary>
    public async Task<StartedBackup> ExportedAsync(string imageId, params (string Name, object? Value)[] fields)
    {
        var started = await ExportAsync(imageId, fields);
        await SucceedAsync(started);
        return started;
    }

    /// <summary>Imports, waits for success and returns the new image's id.</summary>
    public async Task<string> ImportedAsync(params (string Name, object? Value)[] fields)
    {
        var started = await ImportAsync(fields);
        await SucceedAsync(started);
        return (await ShowAsync(started.Id)).GetProperty("image_id").GetString()!;
    }

    /// <summary>Returns the current details of the progress document.</summary>
    public async Task<JsonElement> ProgressAsync(StartedBackup started, bool withDetails = false)
    {
        var answer = await GetAsync(new Uri(started.TaskUri).PathAndQuery + (withDetails ? "&details=true" : ""));
        return answer.Status == HttpStatusCode.OK ? answer.Body.GetProperty("details") : throw new InvalidOperationException($"get_progress: {answer}");
    }

    /// <summary>Waits until the operation has succeeded or failed, and returns its extended details.</summary>
    public async Task<JsonElement> WaitAsync(StartedBackup started)
    {
        var end = await Polling.ForAsync($"the end of {started.TaskUri}", async () =>
        {
            var details = await ProgressAsync(started, withDetails: true);
            return details.TryGetProperty("finished_at", out _) ? (object)details : null;
        });
        return (JsonElement)end;
    }

    /// <summary>Waits until the operation has ended and succeeded.</summary>
    public async Task<JsonElement> SucceedAsync(StartedBackup started)
    {
        var details = await WaitAsync(started);
        return details.GetProperty("flow_details").EnumerateObject().All(flow => flow.Value.GetString() == "SUCCESS")
            ? details
            : throw new InvalidOperationException($"It did not succeed: {details}");
    }

    /// <summary>Discovers the archives on a node, and returns what was found at the end.</summary>
    public async Task<JsonElement> DiscoveredAsync(string nodeId)
    {
        var path = $"/backup-nodes/{nodeId}/discover";
        var discovered = (await SendAsync(HttpMethod.Put, path)).Body.GetProperty("discovered");
        await Polling.UntilAsync($"the discovery on {nodeId} to end", async () =>
        {
            discovered = discovered.GetProperty("state").GetString() == "running" ? (await GetAsync(path)).Body.GetProperty("discovered") : discovered;
            return discovered.GetProperty("state").GetString() != "running";
        });
        return discovered;
    }

    public async Task<JsonElement> ShowAsync(int id) => (await GetAsync($"/image-backups/{id}")).Body.GetProperty("image-backup");

    public async Task<string> StatusAsync(int id) => (await ShowAsync(id)).GetProperty("status").GetString()!;

    public Task<ApiAnswer> ResetAsync(int id)
        => SendAsync(HttpMethod.Put, $"/image-backups/{id}/reset_status", new { reset_status = new { status = "error" } });

    public Task<ApiAnswer> DeleteAsync(int id, string query = "") => SendAsync(HttpMethod.Delete, $"/image-backups/{id}{query}");

    /// <summary>Waits until the record is deleted.</summary>
    public Task GoneAsync(int id)
        => Polling.UntilAsync($"the end of image backup {id}", async () => (await GetAsync($"/image-backups/{id}")).Status == HttpStatusCode.NotFound);

    /// <summary>Deletes a settled backup and waits until its record is deleted.</summary>
    public async Task DeletedAsync(int id)
    {
        var answer = await DeleteAsync(id);
        if (answer.Status != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException($"DELETE: {answer}");
        }

        await GoneAsync(id);
    }

    private static Dictionary<string, Dictionary<string, object?>> Envelope(string name, IEnumerable<(string Name, object? Value)> fields)
    {
        var inner = new Dictionary<string, object?>();
        foreach (var (field, value) in fields)
        {
            inner[field] = value;
        }

        return new() { [name] = inner };
    }

    /// <summary>Reads the answer to an operation's start.</summary>
    public static StartedBackup Started(ApiAnswer answer, HttpStatusCode expected = HttpStatusCode.Created)
    {
        if (answer.Status != expected)
        {
            throw new InvalidOperationException($"Expected {expected}: {answer}");
        }

        var backup = answer.Body.GetProperty("image-backup");
        return new StartedBackup(backup.GetProperty("backup_id").GetInt32(), backup.GetProperty("task_uri").GetString()!);
    }
}
