namespace ImageBackup.Core.Persistence;

/// <summary>One Cinder volume; its bytes lie in <c>volumes/volume-&lt;id&gt;</c>, raw and sparse.</summary>
public sealed class VolumeRecord
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    /// <summary>Cinder's word: <c>creating</c>, <c>available</c>, <c>restoring-backup</c>, <c>deleting</c> or <c>error</c>.</summary>
    public required string Status { get; set; }

    /// <summary>Exact bytes; the wire shows GiB, rounded up.</summary>
    public required long SizeBytes { get; set; }

    public required string VolumeTypeId { get; set; }

    public bool Bootable { get; set; }

    /// <summary>The image this volume was made from, if any.</summary>
    public string? ImageId { get; set; }

    /// <summary>The log book whose task made this volume and must remove it unless it succeeds; null for everybody else's.</summary>
    public string? LogBookId { get; set; }

    /// <summary>A clone made for an export only; not listed.</summary>
    public bool IsTemporary { get; set; }

    public Dictionary<string, string> Metadata { get; set; } = [];

    public required DateTime CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; set; }
}
