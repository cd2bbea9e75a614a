using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Swagger;

// A volume as Cinder shows it; VolumeView writes it.

/// <summary>One volume.</summary>
internal sealed class VolumeAnswer
{
    /// <summary>The volume.</summary>
    public VolumeAnswerFields Volume { get; init; } = new();
}

/// <summary>What a plain list has of a volume.</summary>
internal sealed class VolumeSummaryFields
{
    /// <summary>The id.</summary>
    /// <example>283332d7-a5e4-4df8-9480-08fbae18875b</example>
    public string Id { get; init; } = "";

    /// <summary>The name; null where it has none.</summary>
    /// <example>data</example>
    public string? Name { get; init; }

    /// <summary>Its own address, and the one without version.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];
}

/// <summary>A volume.</summary>
internal sealed class VolumeAnswerFields
{
    /// <summary>What stands for a volume's id as an example.</summary>
    public const string IdExample = "283332d7-a5e4-4df8-9480-08fbae18875b";

    /// <summary>The id.</summary>
    /// <example>283332d7-a5e4-4df8-9480-08fbae18875b</example>
    public string Id { get; init; } = "";

    /// <summary>The name; null where it has none.</summary>
    /// <example>data</example>
    public string? Name { get; init; }

    /// <summary>The description; null where it has none.</summary>
    /// <example>the second disk</example>
    public string? Description { get; init; }

    /// <summary>creating, available, in-use, deleting or error.</summary>
    /// <example>available</example>
    public string Status { get; init; } = "";

    /// <summary>GiB, rounded up.</summary>
    /// <example>1</example>
    public int Size { get; init; }

    /// <summary>The storage template, by name.</summary>
    /// <example>local base template</example>
    public string? VolumeType { get; init; }

    /// <summary>true where an image boots from it, else false; text, as in Cinder.</summary>
    /// <example>false</example>
    public string Bootable { get; init; } = "";

    /// <summary>Words of the owner's.</summary>
    public Dictionary<string, string> Metadata { get; init; } = [];

    /// <summary>image_id of the image it was made for; null where it was made for none.</summary>
    public Dictionary<string, string>? VolumeImageMetadata { get; init; } = [];

    /// <summary>Who made it.</summary>
    /// <example>anonymous</example>
    public string UserId { get; init; } = "";

    /// <summary>The project it belongs to.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    [JsonPropertyName("os-vol-tenant-attr:tenant_id")]
    public string TenantId { get; init; } = "";

    /// <summary>Always nova: there is one zone.</summary>
    /// <example>nova</example>
    public string AvailabilityZone { get; init; } = "";

    /// <summary>Always empty: nothing is attached here.</summary>
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

    /// <summary>When it was made, UTC.</summary>
    /// <example>2026-11-23T16:16:33.885350</example>
    public string CreatedAt { get; init; } = "";

    /// <summary>When it was last changed, UTC; null where never.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>Its own address, and the one without version.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];
}
