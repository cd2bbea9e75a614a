using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups/{id}</summary>
internal static class ShowImageBackup
{
    public static async Task<Ok<Enveloped<ImageBackupResponse>>> HandleAsync(HttpContext context, string id, BackupStore backups, FlowProgress progress, CancellationToken cancellationToken)
        => await RespondAsync(context, await backups.GetAsync(context.Caller(), BackupIds.Parse(id), cancellationToken), progress, cancellationToken);

    /// <summary>Returns 200 with the image backup and the progress of its last operation.</summary>
    public static async Task<Ok<Enveloped<ImageBackupResponse>>> RespondAsync(HttpContext context, BackupRecord backup, FlowProgress progress, CancellationToken cancellationToken)
    {
        var percents = await progress.FindPercentsAsync(backup.TaskId is null ? [] : [backup.TaskId], cancellationToken);
        return Enveloped.Ok(ImageBackupResponse.Of(context, backup, percents.Values.FirstOrDefault()));
    }
}
