using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups/{id}</summary>
internal static class ShowImageBackup
{
    public static Ok<Enveloped<ImageBackupResponse>> Handle(HttpContext context, string id, BackupStore backups, FlowProgress progress)
        => Respond(context, backups.Get(context.Caller(), BackupIds.Parse(id)), progress);

    /// <summary>Returns 200 with the image backup and the progress of its last operation.</summary>
    public static Ok<Enveloped<ImageBackupResponse>> Respond(HttpContext context, BackupRecord backup, FlowProgress progress)
        => Enveloped.Ok(ImageBackupResponse.Of(context, backup, backup.TaskId is { } taskId ? progress.FindPercent(taskId) : 0));
}
