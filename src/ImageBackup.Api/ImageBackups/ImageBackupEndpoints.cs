namespace ImageBackup.Api.ImageBackups;

/// <summary>Every route of image backups (Table 1 and PowerVC's sibling pages).</summary>
internal static class ImageBackupEndpoints
{
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    public static void MapImageBackups(this RouteGroupBuilder project)
    {
        var group = project.MapGroup("/image-backups").WithTags("Image backups");
        group.MapPost("/export_image", ExportImage.HandleAsync).WithSummary("Export an image to a backup node, with or without upload to Cloud Object Storage");
        group.MapPost("/import_image", ImportImage.HandleAsync).WithSummary("Import an image from a backup node or from Cloud Object Storage");
        group.MapGet("/get_progress", GetProgress.HandleAsync).WithSummary("How far an operation is; as server-sent events with Accept: text/event-stream");
        group.MapGet("", ListImageBackups.HandleAsync).WithSummary("List image backups: id, name and links");
        group.MapGet("/detail", ListImageBackups.HandleDetailAsync).WithSummary("List image backups with all that is known of them");
        group.MapGet("/{id}", ShowImageBackup.HandleAsync).WithSummary("Show one image backup");
        group.MapPut("/{id}", UpdateImageBackup.HandleAsync).WithSummary("Change name or description");
        group.MapDelete("/{id}", DeleteImageBackup.HandleAsync).WithSummary("Delete an image backup: archive, object and record; a transient one by force=true only");
        group.MapPut("/{id}/reset_status", ResetStatus.HandleAsync).WithSummary("Reset a transient image backup to error and stop its work");
        group.MapMethods("/{id}/upload", GetAndPost, UploadImageBackup.HandleAsync).WithSummary("Upload the archive to a bucket");
        group.MapMethods("/{id}/download", GetAndPost, DownloadImageBackup.HandleAsync).WithSummary("Fetch the archive from its bucket to a backup node");
        group.MapPost("/{id}/verify", VerifyImageBackup.HandleAsync).WithSummary("Hash the archive again where it lies and compare");
    }
}
