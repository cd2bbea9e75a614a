using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>DELETE /v3/{project_id}/backup-nodes/{id}</summary>
internal static class DeleteBackupNode
{
    public static async Task<NoContent> HandleAsync(string id, BackupNodeStore nodes, CancellationToken cancellationToken)
    {
        await nodes.DeleteAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }
}
