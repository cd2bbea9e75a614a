using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Quotas;

/// <summary>PUT and DELETE /v3/{project_id}/os-quota-sets/{target}</summary>
internal static class UpdateQuotaSet
{
    /// <summary>The limits to set. Those that are left out stay.</summary>
    [Envelope("quota_set")]
    [BodyExample("Two limits", """{"quota_set": {"volumes": 100, "backups": -1}}""")]
    internal sealed record UpdateQuotaSetRequest
    {
        /// <summary>The most volumes; -1 for no limit.</summary>
        /// <example>100</example>
        [Range(-1, int.MaxValue)]
        public int? Volumes { get; init; }

        /// <summary>The most GiB of all volumes; -1 for no limit.</summary>
        /// <example>1000</example>
        [Range(-1, int.MaxValue)]
        public int? Gigabytes { get; init; }

        /// <summary>The most GiB of one volume; -1 for no limit.</summary>
        /// <example>-1</example>
        [Range(-1, int.MaxValue)]
        public int? PerVolumeGigabytes { get; init; }

        /// <summary>The most image backups; -1 for no limit.</summary>
        /// <example>-1</example>
        [Range(-1, int.MaxValue)]
        public int? Backups { get; init; }

        /// <summary>The most GiB of the volumes in all image backups; -1 for no limit.</summary>
        /// <example>-1</example>
        [Range(-1, int.MaxValue)]
        public int? BackupGigabytes { get; init; }

        /// <summary>Accepted and ignored: the path names the project.</summary>
        [StringLength(255)]
        public string? TenantId { get; init; }
    }

    public static async Task<Ok<Enveloped<QuotaSetResponse>>> HandleAsync(
        string target, Body<UpdateQuotaSetRequest> body, QuotaStore quotas, CancellationToken cancellationToken)
    {
        await quotas.SetAsync(target, Limits(body.Value), cancellationToken);
        return Enveloped.Ok(QuotaSetResponse.Of(target, await quotas.GetAsync(target, cancellationToken), withUsage: false));
    }

    public static async Task<Ok> HandleDeleteAsync(string target, QuotaStore quotas, CancellationToken cancellationToken)
    {
        await quotas.ResetAsync(target, cancellationToken);
        return TypedResults.Ok();
    }

    private static Dictionary<string, int> Limits(UpdateQuotaSetRequest request)
    {
        var limits = new Dictionary<string, int?>
        {
            [QuotaResource.Volumes] = request.Volumes,
            [QuotaResource.Gigabytes] = request.Gigabytes,
            [QuotaResource.PerVolumeGigabytes] = request.PerVolumeGigabytes,
            [QuotaResource.Backups] = request.Backups,
            [QuotaResource.BackupGigabytes] = request.BackupGigabytes,
        };
        return limits.Where(limit => limit.Value is not null).ToDictionary(limit => limit.Key, limit => limit.Value!.Value);
    }
}
