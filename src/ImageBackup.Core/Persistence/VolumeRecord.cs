namespace ImageBackup.Core.Persistence;

/// <summary>One Cinder volume. Its bytes are in <c>volumes/volume-&lt;id&gt;</c>, raw and sparse.</summary>
public sealed class VolumeRecord
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    /// <summary>Cinder's word: <c>creating</c>, <c>available</c>, <c>restoring-backup</c>, <c>deleting</c> or <c>error</c>.</summary>
    public required string Status { get; set; }

    /// <summary>The exact bytes. The wire has GiB, rounded up.</summary>
    public required long SizeBytes { get; set; }

    public required string VolumeTypeId { get; set; }

    public bool Bootable { get; set; }

    /// <summary>The image this volume was made from, if any.</summary>
    public string? ImageId { get; set; }

    /// <summary>The log book of the operation that creates the volume and removes it if it fails; null after that, or for other volumes.</summary>
    public string? LogBookId { get; set; }

    /// <summary>True for the clone of an export. Lists leave it out.</summary>
    public bool IsTemporary { get; set; }

    public Dictionary<string, string> Metadata { get; set; } = [];

    public required DateTime CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; set; }
}
