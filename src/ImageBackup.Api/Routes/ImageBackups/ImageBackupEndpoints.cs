using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>The routes of image backups (IBM's Table 1), below <c>/v3/{project_id}</c>.</summary>
internal static class ImageBackupEndpoints
{
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    private static readonly RouteParameter Force =
        new("force", "boolean", "Whether to delete an image backup whose operation still runs. The operation is stopped first. This requires the role admin.");

    private static readonly RouteParameter ForceRaw =
        new("force_raw", "boolean", "Whether the members of the archive are raw disks, whatever format they look like.");

    public static void MapImageBackups(this RouteGroupBuilder project)
    {
        var group = project.MapGroup("/image-backups").WithTags("Image backups");
        group.MapPost("/export_image", ExportImage.HandleAsync).RequiresRole(Role.Member).WithParameters(RequestKeys.Parameter)
            .WithSummary("Export an image to a backup node, with or without upload to Cloud Object Storage");
        group.MapPost("/import_image", ImportImage.HandleAsync).RequiresRole(Role.Member).WithParameters(RequestKeys.Parameter)
            .WithSummary("Import an image from a backup node or from Cloud Object Storage");
        group.MapGet("/get_progress", GetProgress.Handle).RequiresRole(Role.Reader).DisableRequestTimeout().WithParameters(GetProgress.Parameters)
            .WithResponse(200, typeof(Enveloped<ProgressResponse>), null, "application/json", GetProgress.EventStream)
            .WithSummary("Show the progress of an operation; with Accept: text/event-stream as server-sent events");
        group.MapGet("/events", ListenToOperations.Handle).RequiresRole(Role.Reader).DisableRequestTimeout()
            .WithResponse(200, typeof(OperationsResponse), "Server-sent events: operations with this body, and changed with the image backups that have changed.", GetProgress.EventStream)
            .WithSummary("Follow the operations of the project as server-sent events");
        group.MapGet("", ListImageBackups.HandleAsync).RequiresRole(Role.Reader).WithParameters(ListImageBackups.Parameters)
            .WithSummary("List image backups: id, name and links");
        group.MapGet("/detail", ListImageBackups.HandleDetailAsync).RequiresRole(Role.Reader).WithParameters(ListImageBackups.Parameters)
            .WithSummary("List image backups in full");
        group.MapGet("/{id}", ShowImageBackup.Handle).RequiresRole(Role.Reader).WithSummary("Show an image backup");
        group.MapGet("/{id}/operations", ListOperations.HandleAsync).RequiresRole(Role.Reader).WithParameters(RouteParameter.Page)
            .WithSummary("List the operations on an image backup, newest first");
        group.MapPut("/{id}", UpdateImageBackup.HandleAsync).RequiresRole(Role.Member).WithSummary("Change the name or description of an image backup");
        group.MapDelete("/{id}", DeleteImageBackup.HandleAsync).RequiresRole(Role.Member).RequiresAdminWith("force").WithParameters(Force)
            .WithSummary("Delete an image backup with its archive and object; while an operation runs only with force=true");
        group.MapPut("/{id}/reset_status", ResetStatus.HandleAsync).RequiresRole(Role.Admin)
            .WithSummary("Stop the operation of an image backup and set its status to error");
        group.MapMethods("/{id}/upload", GetAndPost, UploadImageBackup.HandleAsync).RequiresRole(Role.Member)
            .WithParameters(UploadImageBackup.Parameter).WithOptionalBody(typeof(UploadImageBackup.UploadImageBackupRequest))
            .WithSummary("Upload the archive to a bucket");
        group.MapMethods("/{id}/download", GetAndPost, DownloadImageBackup.HandleAsync).RequiresRole(Role.Member)
            .WithParameters(DownloadImageBackup.Parameter).WithOptionalBody(typeof(DownloadImageBackup.DownloadImageBackupRequest))
            .WithSummary("Download the archive from its bucket to a backup node");
        group.MapPost("/{id}/verify", VerifyImageBackup.HandleAsync).RequiresRole(Role.Member).WithParameters(ForceRaw)
            .WithSummary("Verify the archive: read it where it is and compare its checksums");
        group.MapPost("/{id}/retry", RetryImageBackup.HandleAsync).RequiresRole(Role.Member)
            .WithSummary("Start the last operation again with the same values, after it has failed or was stopped");
    }
}
