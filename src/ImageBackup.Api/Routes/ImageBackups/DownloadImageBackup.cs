using ImageBackup.Api.Http;
using ImageBackup.Core.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET or POST /v3/{project_id}/image-backups/{id}/download; <c>backup_host</c> in the query or the body.</summary>
internal static class DownloadImageBackup
{
    public static async Task<JsonHttpResult<StartedResponse>> HandleAsync(HttpContext context, string id, ImageBackupService service, CancellationToken cancellationToken)
    {
        var host = await OptionalField.ReadAsync(context, "backup_host", cancellationToken);
        var started = await service.StartDownloadAsync(context.Caller(), BackupIds.Parse(id), host, cancellationToken);
        return StartedAnswer.For(context, started, StatusCodes.Status202Accepted);
    }
}
