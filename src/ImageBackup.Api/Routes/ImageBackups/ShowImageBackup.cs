using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups/{id}</summary>
internal static class ShowImageBackup
{
    public static Ok<Enveloped<ImageBackupResponse>> Handle(HttpContext context, string id, BackupStore backups, FlowProgress progress)
    {
        var (backup, recorded) = backups.GetProgress(context.Caller(), BackupIds.Parse(id));
        var live = progress.FindLive(backup.TaskId);
        if (live is null && backup.Status.IsTransient())
        {
            // The operation may have ended after the row was read, and the progress must not decrease.
            (backup, recorded) = backups.GetProgress(context.Caller(), backup.Id);
        }

        return Enveloped.Ok(ImageBackupResponse.Of(context, backup, Math.Max(recorded, live ?? 0)));
    }
}
