using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Discover;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>PUT /v3/{project_id}/backup-nodes/{id}/discover</summary>
internal static class DiscoverArchives
{
    /// <summary>The archives on a backup node. Each readable archive without an image backup becomes an available image backup of the caller's project.</summary>
    /// <param name="BackupNodeId" example="local">The backup_node_id of the node.</param>
    /// <param name="Found">The names of all archives on the node.</param>
    /// <param name="Added">The archives that became image backups.</param>
    /// <param name="Broken">The archives that cannot be read.</param>
    [Envelope("discovered")]
    internal sealed record DiscoveryResponse(
        string BackupNodeId, IReadOnlyList<string> Found, IReadOnlyList<AddedArchiveResponse> Added, IReadOnlyList<BrokenArchiveResponse> Broken);

    /// <summary>An archive that became an image backup.</summary>
    /// <param name="BackupId" example="3">The id of the image backup.</param>
    /// <param name="Name" example="export-to-backup-node_1">The display name of the image backup.</param>
    /// <param name="OvaName" example="export-to-backup-node_1.ova">The name of the archive.</param>
    internal sealed record AddedArchiveResponse(int BackupId, string Name, string OvaName);

    /// <summary>An archive that cannot be read.</summary>
    /// <param name="OvaName" example="torn.ova">The name of the archive.</param>
    /// <param name="Reason" example="It is no plain file with content.">Why the archive cannot be read.</param>
    internal sealed record BrokenArchiveResponse(string OvaName, string Reason);

    public static async Task<Ok<Enveloped<DiscoveryResponse>>> HandleAsync(string id, HttpContext context, OvaDiscovery discovery, CancellationToken cancellationToken)
    {
        var seen = await discovery.DiscoverAsync(context.Caller(), id, cancellationToken);
        return Enveloped.Ok(new DiscoveryResponse(
            seen.Node.BackupNodeId,
            seen.Found,
            [.. seen.Added.Select(backup => new AddedArchiveResponse(backup.Id, backup.Name, backup.OvaName!))],
            [.. seen.Broken.Select(broken => new BrokenArchiveResponse(broken.Name, broken.Reason))]));
    }
}
