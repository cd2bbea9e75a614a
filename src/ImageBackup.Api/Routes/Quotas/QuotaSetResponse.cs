using System.Text.Json.Nodes;
using ImageBackup.Api.Http;
using ImageBackup.Core.Quotas;

namespace ImageBackup.Api.Routes.Quotas;

/// <summary>The quotas of a project, as Cinder shows them. With usage=true, each one is an object with limit, in_use, reserved and allocated.</summary>
/// <param name="Id" example="40a58846608e4e908c43b547d4dfb58c">The project.</param>
/// <param name="Volumes" example="-1">The most volumes; -1 for no limit.</param>
/// <param name="Gigabytes" example="-1">The most GiB of all volumes; -1 for no limit.</param>
/// <param name="PerVolumeGigabytes" example="-1">The most GiB of one volume; -1 for no limit.</param>
/// <param name="Snapshots" example="-1">Always -1: there are no snapshots.</param>
/// <param name="Groups" example="-1">Always -1: there are no volume groups.</param>
/// <param name="Backups" example="-1">The most image backups; -1 for no limit.</param>
/// <param name="BackupGigabytes" example="-1">The most GiB of the volumes in all image backups; -1 for no limit.</param>
[Envelope("quota_set")]
internal sealed record QuotaSetResponse(
    string Id, JsonNode Volumes, JsonNode Gigabytes, JsonNode PerVolumeGigabytes, JsonNode Snapshots, JsonNode Groups, JsonNode Backups, JsonNode BackupGigabytes)
{
    private static readonly Quota None = new(Quota.NoLimit, 0);

    public static QuotaSetResponse Of(string projectId, IReadOnlyDictionary<string, Quota> quotas, bool withUsage)
    {
        return new(
            projectId,
            Node(quotas.GetValueOrDefault(QuotaResource.Volumes)),
            Node(quotas.GetValueOrDefault(QuotaResource.Gigabytes)),
            Node(quotas.GetValueOrDefault(QuotaResource.PerVolumeGigabytes)),
            Node(null),
            Node(null),
            Node(quotas.GetValueOrDefault(QuotaResource.Backups)),
            Node(quotas.GetValueOrDefault(QuotaResource.BackupGigabytes)));

        JsonNode Node(Quota? quota) => withUsage
            ? new JsonObject { ["limit"] = (quota ?? None).Limit, ["in_use"] = (quota ?? None).InUse, ["reserved"] = 0, ["allocated"] = 0 }
            : JsonValue.Create((quota ?? None).Limit);
    }
}
