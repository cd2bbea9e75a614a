using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Catalog;

/// <summary>What a new volume shall be.</summary>
public sealed record NewVolume
{
    /// <summary>GiB; null for the source's size.</summary>
    public required long? SizeGiB { get; init; }

    /// <summary>The template's id; it exists.</summary>
    public required string VolumeTypeId { get; init; }

    /// <summary>The volume whose bytes it starts with; null for an empty one.</summary>
    public VolumeRecord? Source { get; init; }

    /// <summary>The image whose volume <see cref="Source"/> is, if any.</summary>
    public string? ImageId { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public Dictionary<string, string> Metadata { get; init; } = [];
}

/// <summary>What a list of volumes is narrowed to; null for no narrowing.</summary>
public sealed record VolumeFilter(string? Name, string? Status, bool? Bootable);
