using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.BackupNodes;
using ImageBackup.Api.Routes.CloudObjectStorage;
using ImageBackup.Api.Routes.Volumes;

namespace ImageBackup.Api.Swagger;

// Cinder's lists as the document shows them; ListAnswer writes them. Links are there only where a page follows, the count only where it was asked for.

/// <summary>What all lists have.</summary>
internal abstract class ListFields
{
    /// <summary>All items there are; with with_count only.</summary>
    /// <example>1</example>
    public int? Count { get; init; }
}

internal sealed class NodeListAnswer : ListFields
{
    /// <summary>The backup nodes of this page.</summary>
    [JsonPropertyName("backup_nodes")]
    public IReadOnlyList<BackupNodeAnswer.Envelope> Items { get; init; } = [];

    /// <summary>The next page, where one follows.</summary>
    [JsonPropertyName("backup_nodes_links")]
    public IReadOnlyList<Link>? Links { get; init; }
}

internal sealed class CosListAnswer : ListFields
{
    /// <summary>The registered buckets of this page.</summary>
    [JsonPropertyName("cos")]
    public IReadOnlyList<CosView> Items { get; init; } = [];

    /// <summary>The next page, where one follows.</summary>
    [JsonPropertyName("cos_links")]
    public IReadOnlyList<Link>? Links { get; init; }
}

internal sealed class CosImageListAnswer : ListFields
{
    /// <summary>The archives in the bucket, by name.</summary>
    [JsonPropertyName("images")]
    public IReadOnlyList<CosImageView> Items { get; init; } = [];

    /// <summary>The next page, where one follows.</summary>
    [JsonPropertyName("images_links")]
    public IReadOnlyList<Link>? Links { get; init; }
}

internal sealed class VolumeTypeListAnswer : ListFields
{
    /// <summary>The storage templates of this page.</summary>
    [JsonPropertyName("volume_types")]
    public IReadOnlyList<VolumeTypeView> Items { get; init; } = [];

    /// <summary>The next page, where one follows.</summary>
    [JsonPropertyName("volume_types_links")]
    public IReadOnlyList<Link>? Links { get; init; }
}

internal sealed class VolumeListAnswer : ListFields
{
    /// <summary>The volumes of this page.</summary>
    [JsonPropertyName("volumes")]
    public IReadOnlyList<VolumeAnswerFields> Items { get; init; } = [];

    /// <summary>The next page, where one follows.</summary>
    [JsonPropertyName("volumes_links")]
    public IReadOnlyList<Link>? Links { get; init; }
}

internal sealed class VolumeSummaryListAnswer : ListFields
{
    /// <summary>The volumes of this page.</summary>
    [JsonPropertyName("volumes")]
    public IReadOnlyList<VolumeSummaryFields> Items { get; init; } = [];

    /// <summary>The next page, where one follows.</summary>
    [JsonPropertyName("volumes_links")]
    public IReadOnlyList<Link>? Links { get; init; }
}
