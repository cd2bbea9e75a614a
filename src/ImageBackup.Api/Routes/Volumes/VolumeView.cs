using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>A volume as Cinder shows it.</summary>
internal static class VolumeView
{
    /// <summary>What a plain list has of a volume.</summary>
    public static Dictionary<string, object?> Summary(HttpContext context, VolumeRecord volume) => new()
    {
        ["id"] = volume.Id,
        ["name"] = volume.Name,
        ["links"] = context.ItemLinks("volumes", volume.Id),
    };

    /// <summary>All of it.</summary>
    /// <param name="context">The request, for links.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="typeNames">Names of the templates by id; Cinder shows the name.</param>
    public static Dictionary<string, object?> Full(HttpContext context, VolumeRecord volume, IReadOnlyDictionary<string, string> typeNames) => new()
    {
        ["id"] = volume.Id,
        ["name"] = volume.Name,
        ["description"] = volume.Description,
        ["status"] = volume.Status,
        ["size"] = Gibibytes.RoundUp(volume.SizeBytes),
        ["volume_type"] = typeNames.GetValueOrDefault(volume.VolumeTypeId),
        ["bootable"] = volume.Bootable ? "true" : "false",
        ["metadata"] = volume.Metadata,
        ["volume_image_metadata"] = volume.ImageId is null ? null : new Dictionary<string, string> { ["image_id"] = volume.ImageId },
        ["user_id"] = volume.UserId,
        ["os-vol-tenant-attr:tenant_id"] = volume.ProjectId,
        ["availability_zone"] = "nova",
        ["attachments"] = Array.Empty<object>(),
        ["encrypted"] = false,
        ["multiattach"] = false,
        ["snapshot_id"] = null,
        ["source_volid"] = null,
        ["consistencygroup_id"] = null,
        ["replication_status"] = null,
        ["migration_status"] = null,
        ["created_at"] = ApiJson.CinderTime(volume.CreatedAt),
        ["updated_at"] = ApiJson.CinderTime(volume.UpdatedAt),
        ["links"] = context.ItemLinks("volumes", volume.Id),
    };
}
