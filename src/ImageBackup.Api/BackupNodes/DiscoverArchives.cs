using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.BackupNodes;

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

    internal sealed record Response(Discovered Discovered);

    internal sealed record Discovered(string BackupNodeId, IReadOnlyList<string> Found, IReadOnlyList<Added> Added, IReadOnlyList<Broken> Broken);

    internal sealed record Added(int BackupId, string Name, string OvaName);

    internal sealed record Broken(string OvaName, string Reason);
}
