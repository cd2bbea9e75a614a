using ImageBackup.Api.Auth;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>PowerVC's backup nodes, below <c>/v3/{project_id}</c>.</summary>
internal static class BackupNodeEndpoints
{
    public static void MapBackupNodes(this RouteGroupBuilder project)
    {
        var nodes = project.MapGroup("/backup-nodes").WithTags("Backup nodes");
        nodes.MapPost("", RegisterBackupNode.HandleAsync).RequiresRole(Role.Admin).WithSummary("Register a backup node");
        nodes.MapGet("", ListBackupNodes.HandleAsync).RequiresRole(Role.Reader).WithSummary("List backup nodes");
        nodes.MapGet("/detail", ListBackupNodes.HandleAsync).RequiresRole(Role.Reader).WithSummary("List backup nodes");
        nodes.MapGet("/{id}", ShowBackupNode.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show a backup node");
        nodes.MapPut("/{id}", UpdateBackupNode.HandleAsync).RequiresRole(Role.Admin).WithSummary("Change a registration");
        nodes.MapDelete("/{id}", DeleteBackupNode.HandleAsync).RequiresRole(Role.Admin).WithSummary("Take a registration back");
        nodes.MapPut("/{id}/discover", DiscoverArchives.HandleAsync).RequiresRole(Role.Admin).WithSummary("Register the archives that lie on the node");
    }
}
