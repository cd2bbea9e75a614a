namespace ImageBackup.Api.BackupNodes;

/// <summary>PowerVC's backup nodes, below <c>/v3/{project_id}</c>.</summary>
internal static class BackupNodeEndpoints
{
    public static void MapBackupNodes(this RouteGroupBuilder project)
    {
        var nodes = project.MapGroup("/backup-nodes").WithTags("Backup nodes");
        nodes.MapPost("", RegisterBackupNode.HandleAsync).WithSummary("Register a backup node");
        nodes.MapGet("", ListBackupNodes.HandleAsync).WithSummary("List backup nodes");
        nodes.MapGet("/detail", ListBackupNodes.HandleAsync).WithSummary("List backup nodes");
        nodes.MapGet("/{id}", ShowBackupNode.HandleAsync).WithSummary("Show a backup node");
        nodes.MapPut("/{id}", UpdateBackupNode.HandleAsync).WithSummary("Change a registration");
        nodes.MapDelete("/{id}", DeleteBackupNode.HandleAsync).WithSummary("Take a registration back");
        nodes.MapPut("/{id}/discover", DiscoverArchives.HandleAsync).WithSummary("Register the archives that lie on the node");
    }
}
