using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>A volume, as Cinder shows it.</summary>
[Envelope("volume", "volumes")]
internal sealed record VolumeResponse
{
    private const string StorageHost = "imagebackup@files#volumes";

    /// <summary>The id.</summary>
    /// <example>283332d7-a5e4-4df8-9480-08fbae18875b</example>
    public required string Id { get; init; }

    /// <summary>The display name; null if there is none.</summary>
    /// <example>data</example>
    public string? Name { get; init; }

    /// <summary>The description; null if there is none.</summary>
    /// <example>the second disk</example>
    public string? Description { get; init; }

    /// <summary>creating, available, in-use, deleting or error.</summary>
    /// <example>available</example>
    public required string Status { get; init; }

    /// <summary>The size in GiB, rounded up.</summary>
    /// <example>1</example>
    public required int Size { get; init; }

    /// <summary>The name of the storage template; null if the template no longer exists.</summary>
    /// <example>local base template</example>
    public string? VolumeType { get; init; }

    /// <summary>true if an image boots from the volume, otherwise false. As in Cinder, this is a text.</summary>
    /// <example>false</example>
    public required string Bootable { get; init; }

    /// <summary>The owner's own keys and values.</summary>
    public required Dictionary<string, string> Metadata { get; init; }

    /// <summary>The image_id of the image that the volume was created for; null if there is none.</summary>
    public Dictionary<string, string>? VolumeImageMetadata { get; init; }

    /// <summary>The id of the user who created the volume.</summary>
    /// <example>anonymous</example>
    public required string UserId { get; init; }

    /// <summary>The id of the project that owns the volume.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    [JsonPropertyName("os-vol-tenant-attr:tenant_id")]
    public required string TenantId { get; init; }

    /// <summary>Always nova, the only zone.</summary>
    /// <example>nova</example>
    public string AvailabilityZone { get; init; } = ListAvailabilityZones.Only;

    /// <summary>The storage of the volume in Cinder's form host@backend#pool. Always the service's own.</summary>
    /// <example>imagebackup@files#volumes</example>
    [JsonPropertyName("os-vol-host-attr:host")]
    public string HostAttribute { get; init; } = StorageHost;

    /// <summary>The same value as os-vol-host-attr:host, under PowerVC's name.</summary>
    /// <example>imagebackup@files#volumes</example>
    public string Host { get; init; } = StorageHost;

    /// <summary>The host of the storage. Always the service itself.</summary>
    /// <example>imagebackup</example>
    public string BackendHost { get; init; } = "imagebackup";

    /// <summary>The health of the volume.</summary>
    public required VolumeHealthResponse HealthStatus { get; init; }

    /// <summary>Always empty: volumes are not attached.</summary>
    public IReadOnlyList<JsonNode> Attachments { get; init; } = [];

    /// <summary>Always false.</summary>
    /// <example>false</example>
    public bool Encrypted { get; init; }

    /// <summary>Always false.</summary>
    /// <example>false</example>
    public bool Multiattach { get; init; }

    /// <summary>Always null: there are no snapshots.</summary>
    public string? SnapshotId { get; init; }

    /// <summary>Always null.</summary>
    public string? SourceVolid { get; init; }

    /// <summary>Always null.</summary>
    public string? ConsistencygroupId { get; init; }

    /// <summary>Always null.</summary>
    public string? ReplicationStatus { get; init; }

    /// <summary>Always null.</summary>
    public string? MigrationStatus { get; init; }

    /// <summary>Creation time, UTC.</summary>
    /// <example>2026-11-23T16:16:33.885350</example>
    public required string CreatedAt { get; init; }

    /// <summary>Time of the last change, UTC; null if there was none.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>The address of the volume, with and without the version.</summary>
    public required IReadOnlyList<Link> Links { get; init; }

    /// <summary>Returns the response for a volume.</summary>
    /// <param name="context">The request, for links.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="typeNames">The names of the storage templates by id.</param>
    public static VolumeResponse Of(HttpContext context, VolumeRecord volume, IReadOnlyDictionary<string, string> typeNames) => new()
    {
        Id = volume.Id,
        Name = volume.Name,
        Description = volume.Description,
        Status = volume.Status,
        Size = Gibibytes.RoundUp(volume.SizeBytes),
        VolumeType = typeNames.GetValueOrDefault(volume.VolumeTypeId),
        Bootable = volume.Bootable ? "true" : "false",
        Metadata = volume.Metadata,
        VolumeImageMetadata = volume.ImageId is null ? null : new Dictionary<string, string> { ["image_id"] = volume.ImageId },
        UserId = volume.UserId,
        TenantId = volume.ProjectId,
        HealthStatus = VolumeHealthResponse.Of(volume),
        CreatedAt = ApiJson.CinderTime(volume.CreatedAt),
        UpdatedAt = ApiJson.CinderTime(volume.UpdatedAt),
        Links = context.ItemLinks("volumes", volume.Id),
    };
}
