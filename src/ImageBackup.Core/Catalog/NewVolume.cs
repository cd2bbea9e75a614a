using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Catalog;

/// <summary>A volume to create.</summary>
public sealed record NewVolume
{
    /// <summary>GiB; null for the source's size.</summary>
    public required long? SizeGiB { get; init; }

    /// <summary>Bytes of an empty volume, instead of <see cref="SizeGiB"/>.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>True for a boot volume. A copy of an image or a boot volume is one, too.</summary>
    public bool Bootable { get; init; }

    /// <summary>The id of an existing storage template.</summary>
    public required string VolumeTypeId { get; init; }

    /// <summary>The volume to copy; null for an empty volume.</summary>
    public VolumeRecord? Source { get; init; }

    /// <summary>The image that <see cref="Source"/> belongs to, if any.</summary>
    public string? ImageId { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public Dictionary<string, string> Metadata { get; init; } = [];
}

/// <summary>The conditions of a list of volumes; null means any.</summary>
public sealed record VolumeFilter(string? Name, string? Status, bool? Bootable);
