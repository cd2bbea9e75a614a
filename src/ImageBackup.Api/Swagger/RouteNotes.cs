namespace ImageBackup.Api.Swagger;

/// <summary>A query parameter of a route. <paramref name="Type"/> is OpenAPI's: string, integer or boolean.</summary>
internal sealed record QueryNote(string Name, string Type, string Description, string? Example = null, bool Required = false);

/// <summary>What the document says of a route beyond what its handler shows.</summary>
internal sealed record RouteNote(Type? Body = null, int Success = 200, string MediaType = "application/json", params QueryNote[] Query);

/// <summary>The notes by method and path.</summary>
internal static class RouteNotes
{
    private static readonly QueryNote[] Paging =
    [
        new("limit", "integer", "Most items of the answer."),
        new("marker", "string", "The last item of the page before."),
        new("offset", "integer", "Items to leave out."),
        new("sort", "string", "key[:asc|desc], several parted by commas.", "created_at:desc"),
        new("with_count", "boolean", "Whether the answer counts all items."),
        new("name", "string", "Only items of this name."),
    ];

    private static readonly QueryNote[] BackupFilters = [.. Paging, new("status", "string", "Only image backups in this status.", "available")];

    private static readonly QueryNote[] Progress =
    [
        new("action", "string", "export, import, upload, download or verify.", "export", Required: true),
        new("task_id", "string", "From the task_uri that started the operation.", "6f09caf1-0468-4101-9c4d-34d0b0690s89", Required: true),
        new("backup_id", "integer", "The image backup.", "1", Required: true),
        new("details", "boolean", "Adds bytes, rate, time left, times and reason of each task."),
    ];

    private static readonly QueryNote[] Bucket = [new("cos_bucket", "string", "The bucket; may stand in the body instead.", "cos-default")];
    private static readonly QueryNote[] Host = [new("backup_host", "string", "The node; may stand in the body instead.", "local")];
    private static readonly QueryNote[] Force = [new("force", "boolean", "Also in a transient state: the running work is stopped first.")];

    private static readonly Dictionary<string, RouteNote> Notes = new(StringComparer.Ordinal)
    {
        ["POST image-backups/export_image"] = new(typeof(ExportDocument), 201),
        ["POST image-backups/import_image"] = new(typeof(ImportDocument), 201),
        ["GET image-backups/get_progress"] = new(Query: Progress),
        ["GET image-backups"] = new(Query: BackupFilters),
        ["GET image-backups/detail"] = new(Query: BackupFilters),
        ["PUT image-backups/{id}"] = new(typeof(BackupChangeDocument)),
        ["DELETE image-backups/{id}"] = new(Success: 202, Query: Force),
        ["PUT image-backups/{id}/reset_status"] = new(typeof(ResetDocument), 202),
        ["GET image-backups/{id}/upload"] = new(Success: 202, Query: Bucket),
        ["POST image-backups/{id}/upload"] = new(typeof(BucketDocument), 202, Query: Bucket),
        ["GET image-backups/{id}/download"] = new(Success: 202, Query: Host),
        ["POST image-backups/{id}/download"] = new(typeof(HostDocument), 202, Query: Host),
        ["POST image-backups/{id}/verify"] = new(Success: 202),
        ["GET backup-nodes"] = new(Query: Paging),
        ["GET backup-nodes/detail"] = new(Query: Paging),
        ["POST backup-nodes"] = new(typeof(NodeDocument)),
        ["PUT backup-nodes/{id}"] = new(typeof(NodeDocument)),
        ["GET cos"] = new(Query: Paging),
        ["GET cos/detail"] = new(Query: Paging),
        ["POST cos"] = new(typeof(CosDocument)),
        ["PUT cos/{id}"] = new(typeof(CosDocument)),
        ["GET cos/{id}/list_images"] = new(Query: Paging),
        ["GET volumes"] = new(Query: Paging),
        ["GET volumes/detail"] = new(Query: Paging),
        ["POST volumes"] = new(typeof(VolumeDocument), 202),
        ["DELETE volumes/{id}"] = new(Success: 202),
        ["GET /v2/images"] = new(Query: Paging),
        ["POST /v2/images"] = new(typeof(ImageDocument), 201),
        ["PATCH /v2/images/{id}"] = new(typeof(PatchStep[]), MediaType: "application/openstack-images-v2.1-json-patch"),
        ["PUT /v2/images/{id}/file"] = new(typeof(Stream), 204, "application/octet-stream"),
        ["GET /"] = new(Success: 300),
        ["GET /v2"] = new(Success: 300),
        ["GET /versions"] = new(Success: 300),
    };

    /// <summary>The note of a route; null where its handler shows all there is.</summary>
    public static RouteNote? Find(string method, string path)
        => Notes.GetValueOrDefault($"{method} {path.Replace("/v3/{project_id}/", "", StringComparison.Ordinal)}");
}
