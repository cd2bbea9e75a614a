using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Delete;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>DELETE /v3/{project_id}/image-backups/{id}[?force=true]</summary>
internal static class DeleteImageBackup
{
    public static async Task<Accepted> HandleAsync(HttpContext context, string id, DeletePlanner planner, CancellationToken cancellationToken)
    {
        await planner.StartAsync(context.Caller(), BackupIds.Parse(id), context.QueryBoolean("force"), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
