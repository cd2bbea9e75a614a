using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>The routes of PowerVC's backup nodes, below <c>/v3/{project_id}</c>.</summary>
internal static class BackupNodeEndpoints
{
    /// <summary>The number of the node that the example of a registration creates.</summary>
    private const string SecondNode = "2";

    public static void MapBackupNodes(this RouteGroupBuilder project)
    {
        var nodes = project.MapGroup("/backup-nodes").WithTags("Backup nodes");
        nodes.MapPost("", RegisterBackupNode.HandleAsync).RequiresRole(Role.Admin).WithSummary("Register a backup node");
        nodes.MapGet("", ListBackupNodes.HandleAsync).RequiresRole(Role.Reader).WithParameters(RouteParameter.List).WithSummary("List backup nodes");
        nodes.MapGet("/detail", ListBackupNodes.HandleAsync).RequiresRole(Role.Reader).WithParameters(RouteParameter.List).WithSummary("List backup nodes");
        nodes.MapGet("/{id}", ShowBackupNode.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show a backup node");
        nodes.MapGet("/{id}/health", ShowNodeHealth.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show whether a backup node is up, and its space");
        nodes.MapGet("/{id}/archives", ListNodeArchives.HandleAsync).RequiresRole(Role.Reader).WithParameters(ListNodeArchives.Parameters).WithSummary("List the archives on a backup node");
        nodes.MapPut("/{id}", UpdateBackupNode.HandleAsync).RequiresRole(Role.Admin).WithExampleId(SecondNode).WithSummary("Change the registration of a backup node");
        nodes.MapDelete("/{id}", DeleteBackupNode.HandleAsync).RequiresRole(Role.Admin).WithExampleId(SecondNode).WithSummary("Remove the registration of a backup node");
        nodes.MapPut("/{id}/discover", DiscoverArchives.HandleAsync).RequiresRole(Role.Admin).WithSummary("Add the archives on the node as image backups");
        nodes.MapGet("/{id}/discover", DiscoverArchives.HandleShowAsync).RequiresRole(Role.Reader).WithSummary("Show the progress of the last discovery on the node");
    }
}
