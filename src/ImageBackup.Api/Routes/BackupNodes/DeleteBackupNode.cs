using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>DELETE /v3/{project_id}/backup-nodes/{id}</summary>
internal static class DeleteBackupNode
{
    public static async Task<NoContent> HandleAsync(string id, HttpContext context, BackupNodeStore nodes, CancellationToken cancellationToken)
    {
        await nodes.DeleteAsync(context.Caller().ProjectId, id, cancellationToken);
        return TypedResults.NoContent();
    }
}
