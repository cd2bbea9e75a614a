using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>GET /v3/{project_id}/backup-nodes/{id}/health</summary>
internal static class ShowNodeHealth
{
    /// <summary>The health of a backup node.</summary>
    /// <param name="Status" example="up">up or down.</param>
    /// <param name="Reason">Why the node is down; null if it is up.</param>
    /// <param name="TotalBytes" example="1099511627776">Bytes of the node's disk; null if they are not known.</param>
    /// <param name="FreeBytes" example="824633720832">Bytes of it that are free; null if they are not known.</param>
    /// <param name="BackupCount" example="1">The project's image backups on the node.</param>
    /// <param name="ArchiveBytes" example="2181632">Bytes of their archives.</param>
    [Envelope("health")]
    internal sealed record NodeHealthResponse(string Status, string? Reason, long? TotalBytes, long? FreeBytes, int BackupCount, long ArchiveBytes);

    public static async Task<Ok<Enveloped<NodeHealthResponse>>> HandleAsync(string id, HttpContext context, NodeContents contents, CancellationToken cancellationToken)
    {
        var health = await contents.GetHealthAsync(context.Caller(), id, cancellationToken);
        return Enveloped.Ok(new NodeHealthResponse(health.Reason is null ? "up" : "down", health.Reason, health.TotalBytes, health.FreeBytes, health.BackupCount, health.ArchiveBytes));
    }
}
