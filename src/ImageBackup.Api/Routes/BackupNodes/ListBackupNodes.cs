using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>GET /v3/{project_id}/backup-nodes and /v3/{project_id}/backup-nodes/detail</summary>
internal static class ListBackupNodes
{
    public static async Task<Ok<ListResponse<BackupNodeResponse>>> HandleAsync(HttpContext context, BackupNodeStore nodes, CancellationToken cancellationToken)
    {
        var name = context.QueryString("name") ?? context.QueryString("display_name");
        var page = await nodes.ListAsync(context.Caller().ProjectId, name, context.QueryPage(), cancellationToken);
        return ListResponse.Ok(context, page, BackupNodeResponse.Of, node => $"{node.Id}");
    }
}
