using ImageBackup.Api.Http;
using ImageBackup.Core.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>DELETE /v3/{project_id}/image-backups/{id}[?force=true]</summary>
internal static class DeleteImageBackup
{
    public static async Task<Accepted> HandleAsync(HttpContext context, string id, ImageBackupService service, CancellationToken cancellationToken)
    {
        await service.DeleteAsync(context.Caller(), BackupIds.Parse(id), context.QueryBoolean("force"), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
