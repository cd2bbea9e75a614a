using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Discover;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary><c>PUT /v3/{project_id}/backup-nodes/{id}/discover</c>: every readable archive that is new becomes an <c>available</c> image backup of the caller's project.</summary>
internal static class DiscoverArchives
{
    public static async Task<JsonHttpResult<Response>> HandleAsync(
        string id, HttpContext context, OvaDiscovery discovery, CancellationToken cancellationToken)
    {
        var seen = await discovery.DiscoverAsync(context.Caller(), id, cancellationToken);
        return TypedResults.Json(new Response(new Discovered(
            seen.Node.BackupNodeId,
            seen.Found,
            [.. seen.Added.Select(backup => new Added(backup.Id, backup.Name, backup.OvaName!))],
            [.. seen.Broken.Select(broken => new Broken(broken.Name, broken.Reason))])));
    }

    /// <param name="Discovered">What was found.</param>
    internal sealed record Response(Discovered Discovered);

    /// <param name="BackupNodeId" example="local">The node.</param>
    /// <param name="Found">All archives that lie there.</param>
    /// <param name="Added">Those that became image backups.</param>
    /// <param name="Broken">Those that can not be read.</param>
    internal sealed record Discovered(string BackupNodeId, IReadOnlyList<string> Found, IReadOnlyList<Added> Added, IReadOnlyList<Broken> Broken);

    /// <param name="BackupId" example="3">The image backup.</param>
    /// <param name="Name" example="export-to-backup-node_1">Its name.</param>
    /// <param name="OvaName" example="export-to-backup-node_1.ova">The file.</param>
    internal sealed record Added(int BackupId, string Name, string OvaName);

    /// <param name="OvaName" example="torn.ova">The file.</param>
    /// <param name="Reason" example="It is no plain file with content.">Why it can not be read.</param>
    internal sealed record Broken(string OvaName, string Reason);
}
