using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageBackup.Client;

/// <summary>Calls the image-backup API. Every method throws <see cref="ImageBackupException"/> if the service refuses, and <see cref="HttpRequestException"/> if it cannot be reached.</summary>
public sealed class ImageBackupClient : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly ServiceCalls calls;

    /// <param name="settings">How to reach and log in to the service.</param>
    /// <param name="handler">Sends the requests, for proxies and certificates; null for the usual one. The client disposes it.</param>
    public ImageBackupClient(CloudSettings settings, HttpMessageHandler? handler = null) => calls = new ServiceCalls(settings, handler);

    /// <summary>Returns the images that the project sees; with <paramref name="name"/>, those of this name.</summary>
    public async IAsyncEnumerable<Image> ListImagesAsync(string? name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = await calls.ImagesAsync(cancellationToken);
        var next = new Uri(root, "v2/images?limit=100" + (name is null ? "" : $"&name={Uri.EscapeDataString(name)}"));
        while (next is not null)
        {
            var page = await calls.GetAsync<JsonElement>(next, cancellationToken);
            foreach (var image in ServiceCalls.Read<List<Image>>(page.GetProperty("images")))
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
            return await calls.GetAsync<Image>(new Uri(await calls.ImagesAsync(cancellationToken), $"v2/images/{idOrName}"), cancellationToken);
        }

        var found = await ListImagesAsync(idOrName, cancellationToken).ToListAsync(cancellationToken);
        return Only(found, "Image", "images", idOrName, image => image.Id);
    }

    /// <summary>Returns the project's image backups, the newest first unless the filter sorts them; null for all.</summary>
    public IAsyncEnumerable<ImageBackupRecord> ListBackupsAsync(BackupFilter? filter, CancellationToken cancellationToken)
        => calls.ListAsync<ImageBackupRecord>($"image-backups/detail{filter?.ToQuery()}", "image-backups", cancellationToken);

    /// <summary>Returns an image backup.</summary>
    public Task<ImageBackupRecord> GetBackupAsync(int id, CancellationToken cancellationToken) => calls.GetAsync<ImageBackupRecord>($"image-backups/{id}", "image-backup", cancellationToken);

    /// <summary>Returns the image backup of an id or a unique name.</summary>
    public async Task<ImageBackupRecord> FindBackupAsync(string idOrName, CancellationToken cancellationToken)
    {
        if (int.TryParse(idOrName, out var id))
        {
            return await GetBackupAsync(id, cancellationToken);
        }

        var found = await ListBackupsAsync(new BackupFilter { Name = idOrName }, cancellationToken).ToListAsync(cancellationToken);
        return Only(found, "Image backup", "image backups", idOrName, backup => $"{backup.Id}");
    }

    /// <summary>Returns the operations on an image backup, the newest first.</summary>
    public IAsyncEnumerable<PastOperation> ListOperationsAsync(int id, CancellationToken cancellationToken)
        => calls.ListAsync<PastOperation>($"image-backups/{id}/operations", "operations", cancellationToken);

    /// <summary>Returns the backup nodes.</summary>
    public async IAsyncEnumerable<BackupNode> ListNodesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var node in calls.ListAsync<NodeEnvelope>("backup-nodes/detail", "backup_nodes", cancellationToken))
        {
            yield return node.Registration;
        }
    }

    /// <summary>Returns the health and the space of a backup node.</summary>
    /// <param name="node">The backup_node_id.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    public Task<StorageHealth> GetNodeHealthAsync(string node, CancellationToken cancellationToken)
        => calls.GetAsync<StorageHealth>($"backup-nodes/{Uri.EscapeDataString(node)}/health", "health", cancellationToken);

    /// <summary>Returns the archives on a backup node by name; on request, only those without an image backup.</summary>
    /// <param name="node">The backup_node_id.</param>
    /// <param name="onlyUnrecorded">Whether to leave out archives that have an image backup.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    public IAsyncEnumerable<NodeArchive> ListNodeArchivesAsync(string node, bool onlyUnrecorded, CancellationToken cancellationToken)
        => calls.ListAsync<NodeArchive>($"backup-nodes/{Uri.EscapeDataString(node)}/archives{(onlyUnrecorded ? "?unrecorded=true" : "")}", "archives", cancellationToken);

    /// <summary>Returns the registered buckets.</summary>
    public IAsyncEnumerable<Bucket> ListBucketsAsync(CancellationToken cancellationToken) => calls.ListAsync<Bucket>("cos/detail", "cos", cancellationToken);

    /// <summary>Returns the health of a registered bucket.</summary>
    /// <param name="id">The number of the registration.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    public Task<StorageHealth> GetBucketHealthAsync(int id, CancellationToken cancellationToken) => calls.GetAsync<StorageHealth>($"cos/{id}/health", "health", cancellationToken);

    /// <summary>Returns the archives in a registered bucket by name.</summary>
    /// <param name="id">The number of the registration.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    public IAsyncEnumerable<BucketArchive> ListBucketArchivesAsync(int id, CancellationToken cancellationToken)
        => calls.ListAsync<BucketArchive>($"cos/{id}/list_images", "images", cancellationToken);

    /// <summary>
    /// Listens to the project: <see cref="OperationsEvent"/> at the start and after each change of the operations, and <see cref="BackupsChangedEvent"/>. The service
    /// ends a stream after 10 minutes; the client then opens the next one. It ends only by cancellation or an exception.
    /// </summary>
    public async IAsyncEnumerable<ProjectEvent> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = await calls.SendAsync(HttpMethod.Get, await calls.ProjectAsync("image-backups/events", cancellationToken), null, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            {
                if (ProjectEvent.Read(item.EventType, item.Data) is { } news)
                {
                    yield return news;
                }
            }
        }
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

    /// <summary>Starts the last operation again, with the same values, after it has failed.</summary>
    public Task<StartedOperation> RetryAsync(int id, CancellationToken cancellationToken) => BeginAsync($"{id}/retry", cancellationToken);

    /// <summary>Starts a deletion. A busy image backup needs <paramref name="force"/>, which only an administrator may use.</summary>
    public async Task DeleteAsync(int id, bool force, CancellationToken cancellationToken)
    {
        using var answer = await calls.SendAsync(HttpMethod.Delete, await BackupUriAsync($"{id}{(force ? "?force=true" : "")}", cancellationToken), null, cancellationToken);
    }

    /// <summary>Stops the operation of an image backup, which becomes <c>error</c>. Only an administrator may do that.</summary>
    public async Task StopAsync(int id, CancellationToken cancellationToken)
    {
        using var answer = await calls.SendAsync(HttpMethod.Put, await BackupUriAsync($"{id}/reset_status", cancellationToken), new { reset_status = new { status = "error" } }, cancellationToken);
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
        return ServiceCalls.Read<OperationProgress>((await calls.GetAsync<JsonElement>(address, cancellationToken)).GetProperty("details"));
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

    public void Dispose() => calls.Dispose();

    private Task<Uri> BackupUriAsync(string path, CancellationToken cancellationToken) => calls.ProjectAsync($"image-backups/{path}", cancellationToken);

    private Task<StartedOperation> StartAsync<T>(string route, string envelope, T request, CancellationToken cancellationToken)
        => BeginAsync(route, new Dictionary<string, T> { [envelope] = request }, cancellationToken);

    private Task<StartedOperation> BeginAsync(string path, CancellationToken cancellationToken) => BeginAsync(path, null, cancellationToken);

    private async Task<StartedOperation> BeginAsync(string path, object? body, CancellationToken cancellationToken)
    {
        using var answer = await calls.SendAsync(HttpMethod.Post, await BackupUriAsync(path, cancellationToken), body, cancellationToken);
        return ServiceCalls.Read<StartedOperation>((await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("image-backup"));
    }

    /// <summary>Returns the only item.</summary>
    private static T Only<T>(IReadOnlyList<T> found, string noun, string nouns, string name, Func<T, string> id) => found.Count switch
    {
        1 => found[0],
        0 => throw new ImageBackupException(HttpStatusCode.NotFound, "itemNotFound", $"{noun} '{name}' could not be found."),
        _ => throw new ImageBackupException(HttpStatusCode.Conflict, "conflictingRequest", $"{found.Count} {nouns} have the name '{name}'. Use an id: {string.Join(", ", found.Select(id))}."),
    };

    private sealed record NodeEnvelope(BackupNode Registration);
}
