using ImageBackup.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Access;

/// <summary>Decides which projects may use a backup node, or a bucket of the settings' store.</summary>
public sealed class ProjectAccess(IOptions<ProjectAccessOptions> options)
{
    /// <summary>True if every project may use every node.</summary>
    public bool AllNodesAreShared => options.Value.Nodes.Count == 0;

    /// <summary>Returns whether a project may use a node. A node that it may not use does not exist for it.</summary>
    /// <param name="projectId">The project; null for the administrator of the machine, who may use every node.</param>
    /// <param name="backupNodeId">The node.</param>
    public bool MayUseNode(string? projectId, string backupNodeId) => projectId is null || Has(options.Value.Nodes, backupNodeId, projectId);

    /// <exception cref="ForbiddenException">The project may not use the bucket.</exception>
    public void RequireBucket(string projectId, string bucket)
    {
        if (!Has(options.Value.Buckets, bucket, projectId))
        {
            throw new ForbiddenException(
                $"Bucket '{bucket}' is not for project {projectId}. Use another bucket, or ask the administrator to add the project to {ProjectAccessOptions.Section}:{nameof(ProjectAccessOptions.Buckets)}.");
        }
    }

    private static bool Has(IDictionary<string, IList<string>> entries, string name, string projectId)
        => !(entries.TryGetValue(name, out var projects) || entries.TryGetValue(ProjectAccessOptions.Others, out projects))
            || projects.Contains(projectId, StringComparer.OrdinalIgnoreCase);
}
