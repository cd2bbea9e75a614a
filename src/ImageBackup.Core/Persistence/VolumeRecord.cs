namespace ImageBackup.Core.Persistence;

/// <summary>A Cinder volume. Its bytes are in the raw, sparse file <c>volumes/volume-&lt;id&gt;</c>.</summary>
public sealed class VolumeRecord
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    /// <summary>Cinder's status: <c>creating</c>, <c>available</c>, <c>restoring-backup</c>, <c>deleting</c> or <c>error</c>.</summary>
    public required string Status { get; set; }

    /// <summary>The size in bytes. Responses contain GiB, rounded up.</summary>
    public required long SizeBytes { get; set; }

    public required string VolumeTypeId { get; set; }

    public bool Bootable { get; set; }

    /// <summary>The image that the volume was created from, if any.</summary>
    public string? ImageId { get; set; }

    /// <summary>The log book whose operation created the volume and removes it if it fails; null for other volumes.</summary>
    public string? LogBookId { get; set; }

    /// <summary>True for a clone that an export needs. Lists do not contain it.</summary>
    public bool IsTemporary { get; set; }

    public Dictionary<string, string> Metadata { get; set; } = [];

    public required DateTime CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; set; }
}
