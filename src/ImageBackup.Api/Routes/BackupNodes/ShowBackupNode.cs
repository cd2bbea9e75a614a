using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>GET /v3/{project_id}/backup-nodes/{id}; the id is the number or the backup_node_id</summary>
internal static class ShowBackupNode
{
    public static async Task<Ok<Enveloped<BackupNodeResponse>>> HandleAsync(string id, HttpContext context, BackupNodeStore nodes, CancellationToken cancellationToken)
        => Enveloped.Ok(BackupNodeResponse.Of(await nodes.GetAsync(context.Caller().ProjectId, id, cancellationToken)));
}
