using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary><c>GET /v3/{project_id}/backup-nodes/{id}</c>, by number or <c>backup_node_id</c></summary>
internal static class ShowBackupNode
{
    public static async Task<JsonHttpResult<BackupNodeAnswer>> HandleAsync(string id, BackupNodeStore nodes, CancellationToken cancellationToken)
        => TypedResults.Json(BackupNodeAnswer.Of(await nodes.GetAsync(id, cancellationToken)));
}
