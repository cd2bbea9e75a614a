using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Discover;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>PUT and GET /v3/{project_id}/backup-nodes/{id}/discover</summary>
internal static class DiscoverArchives
{
    /// <summary>A discovery of the archives on a backup node. Each readable archive without an image backup becomes an available image backup of the caller's project.</summary>
    /// <param name="BackupNodeId" example="local">The backup_node_id of the node.</param>
    /// <param name="State" example="finished">running, finished or failed.</param>
    /// <param name="FoundCount" example="3">Number of archives on the node; 0 until they are listed.</param>
    /// <param name="ReadCount" example="3">Number of archives that are done: known before, added or broken.</param>
    /// <param name="AddedCount" example="1">Number of archives that became image backups.</param>
    /// <param name="BrokenCount" example="1">Number of archives that cannot be read.</param>
    /// <param name="Found">The names of the archives on the node, at most 1000.</param>
    /// <param name="Added">The archives that became image backups, at most 1000.</param>
    /// <param name="Broken">The archives that cannot be read, at most 1000.</param>
    /// <param name="FailReason">Why the discovery failed; null if it did not.</param>
    [Envelope("discovered")]
    internal sealed record DiscoveryResponse(
        string BackupNodeId,
        string State,
        int FoundCount,
        int ReadCount,
        int AddedCount,
        int BrokenCount,
        IReadOnlyList<string> Found,
        IReadOnlyList<AddedArchiveResponse> Added,
        IReadOnlyList<BrokenArchiveResponse> Broken,
        string? FailReason);

    /// <summary>An archive that became an image backup.</summary>
    /// <param name="BackupId" example="3">The id of the image backup.</param>
    /// <param name="Name" example="export-to-backup-node_1">The display name of the image backup.</param>
    /// <param name="OvaName" example="export-to-backup-node_1.ova">The name of the archive.</param>
    internal sealed record AddedArchiveResponse(int BackupId, string Name, string OvaName);

    /// <summary>An archive that cannot be read.</summary>
    /// <param name="OvaName" example="torn.ova">The name of the archive.</param>
    /// <param name="Reason" example="It is no plain file with content.">Why the archive cannot be read.</param>
    internal sealed record BrokenArchiveResponse(string OvaName, string Reason);

    public static async Task<Ok<Enveloped<DiscoveryResponse>>> HandleAsync(string id, HttpContext context, Discoveries discoveries, CancellationToken cancellationToken)
        => Respond(await discoveries.StartAsync(context.Caller(), id, cancellationToken));

    public static async Task<Ok<Enveloped<DiscoveryResponse>>> HandleShowAsync(string id, HttpContext context, Discoveries discoveries, CancellationToken cancellationToken)
        => Respond(await discoveries.GetAsync(context.Caller(), id, cancellationToken));

    private static Ok<Enveloped<DiscoveryResponse>> Respond(DiscoveryProgress progress) => Enveloped.Ok(new DiscoveryResponse(
        progress.BackupNodeId,
        progress.State switch
        {
            DiscoveryState.Running => "running",
            DiscoveryState.Finished => "finished",
            _ => "failed",
        },
        progress.FoundCount,
        progress.ReadCount,
        progress.AddedCount,
        progress.BrokenCount,
        progress.Found,
        [.. progress.Added.Select(added => new AddedArchiveResponse(added.BackupId, added.Name, added.OvaName))],
        [.. progress.Broken.Select(broken => new BrokenArchiveResponse(broken.Name, broken.Reason))],
        progress.FailReason));
}
