using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageBackup.Client;

/// <summary>Calls the image-backup API. Every method throws <see cref="ImageBackupException"/> if the service refuses, and <see cref="HttpRequestException"/> if it cannot be reached.</summary>
public sealed class ImageBackupClient : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly HttpClient http;
    private readonly KeystoneSession session;

    /// <param name="settings">How to reach and log in to the service.</param>
    /// <param name="handler">Sends the requests, for proxies and certificates; null for the usual one. The client disposes it.</param>
    public ImageBackupClient(CloudSettings settings, HttpMessageHandler? handler = null)
    {
        http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false });
        session = new KeystoneSession(settings, http);
    }

    /// <summary>Returns the images that the project sees; with <paramref name="name"/>, those of this name.</summary>
    public async IAsyncEnumerable<Image> ListImagesAsync(string? name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = await session.ImagesAsync(cancellationToken);
        var next = new Uri(root, "v2/images?limit=100" + (name is null ? "" : $"&name={Uri.EscapeDataString(name)}"));
        while (next is not null)
        {
            var page = await GetAsync<JsonElement>(next, cancellationToken);
            foreach (var image in page.GetProperty("images").Deserialize<List<Image>>(Json)!)
            {
                yield return image;
            }

            next = page.TryGetProperty("next", out var link) ? new Uri(root, link.GetString()!.TrimStart('/')) : null;
        }
    }

    /// <summary>Returns the image of an id or a unique name.</summary>
    public async Task<Image> FindImageAsync(string idOrName, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(idOrName, out _))
        {
            return await GetAsync<Image>(new Uri(await session.ImagesAsync(cancellationToken), $"v2/images/{idOrName}"), cancellationToken);
        }

        var found = await ToListAsync(ListImagesAsync(idOrName, cancellationToken));
        return found.Count == 1 ? found[0]
            : found.Count == 0 ? throw NotFound($"Image '{idOrName}' could not be found.")
            : throw Ambiguous($"{found.Count} images have the name '{idOrName}'. Use an id: {string.Join(", ", found.Select(image => image.Id))}.");
    }

    /// <summary>Returns the project's image backups, the newest first; with a filter, those of this name or status.</summary>
    public async IAsyncEnumerable<ImageBackupRecord> ListBackupsAsync(string? name, string? status, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = await session.BackupsAsync(cancellationToken);
        var next = new Uri(root, "image-backups/detail?limit=100" + Filter("name", name) + Filter("status", status));
        while (next is not null)
        {
            var page = await GetAsync<JsonElement>(next, cancellationToken);
            foreach (var backup in page.GetProperty("image-backups").Deserialize<List<ImageBackupRecord>>(Json)!)
            {
                yield return backup;
            }

            next = page.TryGetProperty("image-backups_links", out var links) && links.EnumerateArray().FirstOrDefault(link => link.GetProperty("rel").GetString() == "next") is { ValueKind: JsonValueKind.Object } link
                ? new Uri(root, "image-backups/detail" + new Uri(link.GetProperty("href").GetString()!).Query)
                : null;
        }

        static string Filter(string key, string? value) => value is null ? "" : $"&{key}={Uri.EscapeDataString(value)}";
    }

    /// <summary>Returns an image backup.</summary>
    public async Task<ImageBackupRecord> GetBackupAsync(int id, CancellationToken cancellationToken)
        => (await GetAsync<JsonElement>(await BackupUriAsync($"{id}", cancellationToken), cancellationToken)).GetProperty("image-backup").Deserialize<ImageBackupRecord>(Json)!;

    /// <summary>Returns the image backup of an id or a unique name.</summary>
    public async Task<ImageBackupRecord> FindBackupAsync(string idOrName, CancellationToken cancellationToken)
    {
        if (int.TryParse(idOrName, out var id))
        {
            return await GetBackupAsync(id, cancellationToken);
        }

        var found = await ToListAsync(ListBackupsAsync(idOrName, null, cancellationToken));
        return found.Count == 1 ? found[0]
            : found.Count == 0 ? throw NotFound($"Image backup '{idOrName}' could not be found.")
            : throw Ambiguous($"{found.Count} image backups have the name '{idOrName}'. Use an id: {string.Join(", ", found.Select(backup => backup.Id))}.");
    }

    /// <summary>Starts an export.</summary>
    public Task<StartedOperation> ExportAsync(ExportRequest request, CancellationToken cancellationToken) => StartAsync("export_image", "image-backup", request, cancellationToken);

    /// <summary>Starts an import.</summary>
    public Task<StartedOperation> ImportAsync(ImportRequest request, CancellationToken cancellationToken) => StartAsync("import_image", "import-image", request, cancellationToken);

    /// <summary>Starts the upload of an archive to a bucket; null for the bucket of the image backup, its node or the service.</summary>
    public Task<StartedOperation> UploadAsync(int id, string? bucket, CancellationToken cancellationToken) => BeginAsync($"{id}/upload{(bucket is null ? "" : $"?cos_bucket={Uri.EscapeDataString(bucket)}")}", cancellationToken);

    /// <summary>Starts the download of an archive to a node; null for the node of the image backup.</summary>
    public Task<StartedOperation> DownloadAsync(int id, string? backupHost, CancellationToken cancellationToken) => BeginAsync($"{id}/download{(backupHost is null ? "" : $"?backup_host={Uri.EscapeDataString(backupHost)}")}", cancellationToken);

    /// <summary>Starts a verification of an archive.</summary>
    public Task<StartedOperation> VerifyAsync(int id, CancellationToken cancellationToken) => BeginAsync($"{id}/verify", cancellationToken);

    /// <summary>Starts a deletion. A busy image backup needs <paramref name="force"/>, which only an administrator may use.</summary>
    public async Task DeleteAsync(int id, bool force, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Delete, await BackupUriAsync($"{id}{(force ? "?force=true" : "")}", cancellationToken), null, cancellationToken);
    }

    /// <summary>Stops the operation of an image backup, which becomes <c>error</c>. Only an administrator may do that.</summary>
    public async Task StopAsync(int id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Put, await BackupUriAsync($"{id}/reset_status", cancellationToken), new { reset_status = new { status = "error" } }, cancellationToken);
    }

    /// <summary>Returns the last operation of an image backup; null if it had none.</summary>
    public async Task<StartedOperation?> FindOperationAsync(ImageBackupRecord backup, CancellationToken cancellationToken) => backup.TaskId is { } task
        ? new StartedOperation(backup.Id, await BackupUriAsync($"get_progress?action=export&task_id={task}&backup_id={backup.Id}", cancellationToken))
        : null;

    /// <summary>Returns the progress of an operation.</summary>
    public async Task<OperationProgress> GetProgressAsync(StartedOperation operation, CancellationToken cancellationToken)
    {
        // The service's own address may differ from the one that this client uses, for example behind a proxy.
        var address = await BackupUriAsync($"get_progress{operation.TaskUri.Query}&details=true", cancellationToken);
        return (await GetAsync<JsonElement>(address, cancellationToken)).GetProperty("details").Deserialize<OperationProgress>(Json)!;
    }

    /// <summary>Returns the progress twice a second until the operation has ended. The last one is of the end.</summary>
    public async IAsyncEnumerable<OperationProgress> FollowAsync(StartedOperation operation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var progress = await GetProgressAsync(operation, cancellationToken);
            yield return progress;
            if (progress.IsFinished)
            {
                yield break;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<Uri> BackupUriAsync(string path, CancellationToken cancellationToken) => new(await session.BackupsAsync(cancellationToken), $"image-backups/{path}");

    private async Task<StartedOperation> StartAsync<T>(string route, string envelope, T request, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, await BackupUriAsync(route, cancellationToken), new Dictionary<string, T> { [envelope] = request }, cancellationToken);
        return await StartedAsync(answer, cancellationToken);
    }

    private async Task<StartedOperation> BeginAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, await BackupUriAsync(path, cancellationToken), null, cancellationToken);
        return await StartedAsync(answer, cancellationToken);
    }

    private static async Task<StartedOperation> StartedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
        => (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("image-backup").Deserialize<StartedOperation>(Json)!;

    private async Task<T> GetAsync<T>(Uri address, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, address, null, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<T>(Json, cancellationToken))!;
    }

    /// <summary>Sends a request, and once more after a new log-in if the token has ended.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, object? body, CancellationToken cancellationToken)
    {
        for (var mayLogInAgain = true; ; mayLogInAgain = false)
        {
            using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json) };
            var token = await session.TokenAsync(cancellationToken);
            if (token is not null)
            {
                request.Headers.Add("X-Auth-Token", token);
            }

            var answer = await http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                if (answer.StatusCode != HttpStatusCode.Unauthorized || !mayLogInAgain || !session.Forget())
                {
                    throw await Refusal.OfAsync(answer, cancellationToken);
                }
            }
        }
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private static ImageBackupException NotFound(string message) => new(HttpStatusCode.NotFound, "itemNotFound", message);

    private static ImageBackupException Ambiguous(string message) => new(HttpStatusCode.Conflict, "conflictingRequest", message);
}
