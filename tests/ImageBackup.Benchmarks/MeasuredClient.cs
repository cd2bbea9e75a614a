using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageBackup.TestSupport;

namespace ImageBackup.Benchmarks;

/// <summary>The API as a script uses it: POST, then poll the progress until the end.</summary>
internal sealed class MeasuredClient(MeasuredService service)
{
    /// <summary>Polling costs the service time. The time of the end comes from the service.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Creates an image from a raw file.</summary>
    public async Task<string> CreateImageAsync(string rawFile, string name, CancellationToken cancellationToken)
    {
        var file = Path.Combine(service.Node, $"{name}.raw");
        await Shell.RunAsync($"cp --sparse=always --reflink=auto '{rawFile}' '{file}'", cancellationToken);
        var body = Body("import-image", ("name", name), ("import_from_raw_file", "true"), ("ova_name", $"{name}.raw"), ("os_type", "rhel"), ("architecture", "ppc64le"));
        var import = await RunAsync("import_image", body, cancellationToken);
        await DeleteAsync(import, cancellationToken);
        File.Delete(file);
        return import.ResultOf("create_image_");
    }

    /// <summary>Starts an export and waits for its end.</summary>
    public Task<FinishedOperation> ExportAsync(string imageId, string name, string compression, CancellationToken cancellationToken)
        => RunAsync("export_image", ExportBody(imageId, name, compression), cancellationToken);

    /// <summary>Starts an export.</summary>
    /// <returns>Path and query of its progress.</returns>
    public async Task<string> StartExportAsync(string imageId, string name, string compression, CancellationToken cancellationToken)
        => (await PostAsync("export_image", ExportBody(imageId, name, compression), cancellationToken)).TaskUri;

    /// <summary>Imports a backup from the node.</summary>
    public Task<FinishedOperation> ImportAsync(int backupId, string name, CancellationToken cancellationToken)
        => RunAsync("import_image", Body("import-image", ("name", name), ("image_backup_id", $"{backupId}")), cancellationToken);

    /// <summary>Uploads a backup, or fetches it back.</summary>
    public Task<FinishedOperation> TransferAsync(int backupId, string action, string? bucket, CancellationToken cancellationToken)
        => RunAsync($"{backupId}/{action}{(bucket is null ? "" : $"?cos_bucket={bucket}")}", [], cancellationToken);

    /// <summary>Deletes the backup and waits until its record is deleted.</summary>
    public async Task DeleteAsync(FinishedOperation operation, CancellationToken cancellationToken)
    {
        var uri = Uri($"/{operation.BackupId}");
        (await service.Http.DeleteAsync(uri, cancellationToken)).EnsureSuccessStatusCode();
        while ((await service.Http.GetAsync(uri, cancellationToken)).IsSuccessStatusCode)
        {
            await Task.Delay(BetweenLooks, cancellationToken);
        }
    }

    /// <summary>The directory of the backup node.</summary>
    public string Node => service.Node;

    /// <summary>Returns the path of the only archive.</summary>
    public string FindOva() => Directory.GetFiles(service.Node, "*.ova").Single();

    /// <summary>Waits until the operation of a progress address has succeeded.</summary>
    public async Task<JsonNode> WaitAsync(string taskUri, CancellationToken cancellationToken)
    {
        while (true)
        {
            var details = (await service.Http.GetFromJsonAsync<JsonNode>($"{taskUri}&details=true", cancellationToken))!["details"]!;
            if (details["finished_at"] is not null)
            {
                return (int)details["progress"]! == 100
                    ? details
                    : throw new InvalidOperationException($"{taskUri} failed: {details.ToJsonString(new JsonSerializerOptions { WriteIndented = true })}");
            }

            await Task.Delay(BetweenLooks, cancellationToken);
        }
    }

    private async Task<FinishedOperation> RunAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        service.ResetPeak();
        var cpu = service.CpuSeconds;
        var start = DateTime.UtcNow;
        var (backupId, taskUri) = await PostAsync(path, body, cancellationToken);
        var details = await WaitAsync(taskUri, cancellationToken);
        var wall = FinishedOperation.Time(details["finished_at"]!) - start;
        return new FinishedOperation(backupId, details, new Measurement(wall.TotalSeconds, service.CpuSeconds - cpu, service.PeakBytes, 0));
    }

    private async Task<(int BackupId, string TaskUri)> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var answer = await service.Http.PostAsJsonAsync(Uri($"/{path}"), body, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path} was refused with {(int)answer.StatusCode}: {text}");
        }

        var started = JsonNode.Parse(text)!["image-backup"] ?? JsonNode.Parse(text)!["import-image"]!;
        return ((int)started["backup_id"]!, new Uri((string)started["task_uri"]!).PathAndQuery);
    }

    private static JsonObject ExportBody(string imageId, string name, string compression)
        => Body("image-backup", ("name", name), ("src_image_id", imageId), ("compression", compression), ("upload_to_cos", "False"));

    private static JsonObject Body(string envelope, params (string Key, string Value)[] fields)
        => new() { [envelope] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value))) };

    private static Uri Uri(string path) => new($"/v3/{ServiceFixture.ProjectId}/image-backups{path}", UriKind.Relative);
}

/// <summary>An operation that succeeded.</summary>
internal sealed record FinishedOperation(int BackupId, JsonNode Details, Measurement Measurement)
{
    /// <summary>Returns the seconds of each task, by the service's clock.</summary>
    public IReadOnlyDictionary<string, double> Tasks => Details["tasks"]!.AsArray().ToDictionary(
        task => Kind((string)task!["name"]!),
        task => (Time(task!["finished_at"]!) - Time(task["started_at"]!)).TotalSeconds);

    /// <summary>Parses a time of the service, in UTC.</summary>
    public static DateTime Time(JsonNode time) => DateTime.Parse((string)time!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>Returns the result of the task whose name has this beginning.</summary>
    public string ResultOf(string prefix) => (string)Details["task_results"]!.AsObject().First(task => task.Key.StartsWith(prefix, StringComparison.Ordinal)).Value!;

    /// <summary>Returns the task's name without ids.</summary>
    private static string Kind(string name) => string.Join('_', name.Split('_').TakeWhile(word => word.All(char.IsAsciiLetterLower)));
}
