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

    /// <summary>Returns whether a project may use a bucket of the settings' store.</summary>
    public bool MayUseBucket(string projectId, string bucket) => Has(options.Value.Buckets, bucket, projectId);

    private static bool Has(IDictionary<string, IList<string>> entries, string name, string projectId)
        => !(entries.TryGetValue(name, out var projects) || entries.TryGetValue(ProjectAccessOptions.Others, out projects))
            || projects.Contains(projectId, StringComparer.OrdinalIgnoreCase);
}
