using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>GET /v3/{project_id}/cos/{id}/health</summary>
internal static class ShowCosHealth
{
    /// <summary>The health of a registered bucket.</summary>
    /// <param name="Status" example="up">up or down.</param>
    /// <param name="Reason">Why the bucket cannot be used; null if it can.</param>
    /// <param name="BackupCount" example="1">The project's image backups in the bucket.</param>
    /// <param name="ArchiveBytes" example="2181632">Bytes of their archives.</param>
    [Envelope("health")]
    internal sealed record CosHealthResponse(string Status, string? Reason, int BackupCount, long ArchiveBytes);

    public static async Task<Ok<Enveloped<CosHealthResponse>>> HandleAsync(string id, HttpContext context, BucketContents contents, CancellationToken cancellationToken)
    {
        var health = await contents.GetHealthAsync(context.Caller(), CosIds.Parse(id), cancellationToken);
        return Enveloped.Ok(new CosHealthResponse(health.Reason is null ? "up" : "down", health.Reason, health.BackupCount, health.ArchiveBytes));
    }
}
