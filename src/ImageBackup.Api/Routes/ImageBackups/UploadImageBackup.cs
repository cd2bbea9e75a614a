using ImageBackup.Api.Http;
using ImageBackup.Core.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET or POST /v3/{project_id}/image-backups/{id}/upload; <c>cos_bucket</c> in the query or the body.</summary>
internal static class UploadImageBackup
{
    public static async Task<JsonHttpResult<StartedResponse>> HandleAsync(HttpContext context, string id, ImageBackupService service, CancellationToken cancellationToken)
    {
        var bucket = await OptionalField.ReadAsync(context, "cos_bucket", cancellationToken);
        var started = await service.StartUploadAsync(context.Caller(), BackupIds.Parse(id), bucket, cancellationToken);
        return StartedAnswer.For(context, started, StatusCodes.Status202Accepted);
    }
}
