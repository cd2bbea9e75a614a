using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups/{id}</summary>
internal static class ShowImageBackup
{
    public static async Task<JsonHttpResult<ImageBackupResponse>> HandleAsync(HttpContext context, string id, BackupStore backups, FlowProgress progress, CancellationToken cancellationToken)
        => await AnswerAsync(context, await backups.GetAsync(context.Caller(), BackupIds.Parse(id), cancellationToken), progress, cancellationToken);

    public static async Task<JsonHttpResult<ImageBackupResponse>> AnswerAsync(HttpContext context, BackupRecord backup, FlowProgress progress, CancellationToken cancellationToken)
    {
        var percents = await progress.FindPercentsAsync(backup.TaskId is null ? [] : [backup.TaskId], cancellationToken);
        return TypedResults.Json(new ImageBackupResponse(ImageBackupView.For(context, backup, percents.Values.FirstOrDefault())));
    }
}
