using ImageBackup.Api.Auth;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>Every route of image backups (Table 1 and PowerVC's sibling pages).</summary>
internal static class ImageBackupEndpoints
{
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    public static void MapImageBackups(this RouteGroupBuilder project)
    {
        var group = project.MapGroup("/image-backups").WithTags("Image backups");
        group.MapPost("/export_image", ExportImage.HandleAsync).RequiresRole(Role.Member).WithSummary("Export an image to a backup node, with or without upload to Cloud Object Storage");
        group.MapPost("/import_image", ImportImage.HandleAsync).RequiresRole(Role.Member).WithSummary("Import an image from a backup node or from Cloud Object Storage");
        group.MapGet("/get_progress", GetProgress.HandleAsync).RequiresRole(Role.Reader).DisableRequestTimeout().WithSummary("How far an operation is; as server-sent events with Accept: text/event-stream");
        group.MapGet("", ListImageBackups.HandleAsync).RequiresRole(Role.Reader).WithSummary("List image backups: id, name and links");
        group.MapGet("/detail", ListImageBackups.HandleDetailAsync).RequiresRole(Role.Reader).WithSummary("List image backups with all that is known of them");
        group.MapGet("/{id}", ShowImageBackup.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show one image backup");
        group.MapPut("/{id}", UpdateImageBackup.HandleAsync).RequiresRole(Role.Member).WithSummary("Change name or description");
        group.MapDelete("/{id}", DeleteImageBackup.HandleAsync).RequiresRole(Role.Member).RequiresAdminWith("force").WithSummary("Delete an image backup: archive, object and record; a transient one by force=true only");
        group.MapPut("/{id}/reset_status", ResetStatus.HandleAsync).RequiresRole(Role.Admin).WithSummary("Reset a transient image backup to error and stop its work");
        group.MapMethods("/{id}/upload", GetAndPost, UploadImageBackup.HandleAsync).RequiresRole(Role.Member).WithSummary("Upload the archive to a bucket");
        group.MapMethods("/{id}/download", GetAndPost, DownloadImageBackup.HandleAsync).RequiresRole(Role.Member).WithSummary("Fetch the archive from its bucket to a backup node");
        group.MapPost("/{id}/verify", VerifyImageBackup.HandleAsync).RequiresRole(Role.Member).WithSummary("Hash the archive again where it lies and compare");
    }
}
