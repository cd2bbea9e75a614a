using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Quotas;

/// <summary>GET /v3/{project_id}/limits</summary>
internal static class ShowLimits
{
    /// <summary>The limits of the project, as Cinder shows them.</summary>
    /// <param name="Rate">Always empty: the service limits requests per client, not per route.</param>
    /// <param name="Absolute">The quotas of the project and what it uses.</param>
    [Envelope("limits")]
    internal sealed record LimitsResponse(IReadOnlyList<JsonNode> Rate, AbsoluteLimitsResponse Absolute);

    /// <summary>Quotas and what the project uses; -1 for no limit.</summary>
    /// <param name="MaxTotalVolumes" example="-1">The most volumes.</param>
    /// <param name="TotalVolumesUsed" example="1">The volumes.</param>
    /// <param name="MaxTotalVolumeGigabytes" example="-1">The most GiB of all volumes.</param>
    /// <param name="TotalGigabytesUsed" example="1">The GiB of all volumes.</param>
    /// <param name="MaxTotalSnapshots" example="-1">Always -1.</param>
    /// <param name="TotalSnapshotsUsed" example="0">Always 0.</param>
    /// <param name="MaxTotalBackups" example="-1">The most image backups.</param>
    /// <param name="TotalBackupsUsed" example="1">The image backups.</param>
    /// <param name="MaxTotalBackupGigabytes" example="-1">The most GiB of the volumes in all image backups.</param>
    /// <param name="TotalBackupGigabytesUsed" example="1">The GiB of the volumes in all image backups.</param>
    internal sealed record AbsoluteLimitsResponse(
        [property: JsonPropertyName("maxTotalVolumes")] int MaxTotalVolumes,
        [property: JsonPropertyName("totalVolumesUsed")] long TotalVolumesUsed,
        [property: JsonPropertyName("maxTotalVolumeGigabytes")] int MaxTotalVolumeGigabytes,
        [property: JsonPropertyName("totalGigabytesUsed")] long TotalGigabytesUsed,
        [property: JsonPropertyName("maxTotalSnapshots")] int MaxTotalSnapshots,
        [property: JsonPropertyName("totalSnapshotsUsed")] int TotalSnapshotsUsed,
        [property: JsonPropertyName("maxTotalBackups")] int MaxTotalBackups,
        [property: JsonPropertyName("totalBackupsUsed")] long TotalBackupsUsed,
        [property: JsonPropertyName("maxTotalBackupGigabytes")] int MaxTotalBackupGigabytes,
        [property: JsonPropertyName("totalBackupGigabytesUsed")] long TotalBackupGigabytesUsed);

    public static async Task<Ok<Enveloped<LimitsResponse>>> HandleAsync(HttpContext context, QuotaStore quotas, CancellationToken cancellationToken)
    {
        var all = await quotas.GetAsync(context.Caller().ProjectId, cancellationToken);
        var (volumes, gigabytes) = (all[QuotaResource.Volumes], all[QuotaResource.Gigabytes]);
        var (backups, backupGigabytes) = (all[QuotaResource.Backups], all[QuotaResource.BackupGigabytes]);
        return Enveloped.Ok(new LimitsResponse([], new AbsoluteLimitsResponse(
            volumes.Limit,
            volumes.InUse,
            gigabytes.Limit,
            gigabytes.InUse,
            Quota.NoLimit,
            0,
            backups.Limit,
            backups.InUse,
            backupGigabytes.Limit,
            backupGigabytes.InUse)));
    }
}
