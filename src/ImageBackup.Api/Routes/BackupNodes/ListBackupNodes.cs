using System.Globalization;
using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary><c>GET /v3/{project_id}/backup-nodes</c></summary>
internal static class ListBackupNodes
{
    public static async Task<JsonHttpResult<Dictionary<string, object>>> HandleAsync(
        HttpContext context, BackupNodeStore nodes, CancellationToken cancellationToken)
    {
        var name = context.QueryString("name") ?? context.QueryString("display_name");
        var page = await nodes.ListAsync(name, context.QueryPage(), cancellationToken);
        return ListAnswer.For(
            context,
            "backup_nodes",
            page,
            node => BackupNodeAnswer.Of(node).BackupNode,
            node => node.Id.ToString(CultureInfo.InvariantCulture));
    }
}
