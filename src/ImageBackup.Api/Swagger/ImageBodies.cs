using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace ImageBackup.Api.Swagger;

// Volumes and images as requests name them; see RequestBodies.

/// <summary>Body of a new volume.</summary>
internal sealed class VolumeDocument
{
    /// <summary>The volume.</summary>
    [Required]
    public VolumeFields? Volume { get; init; }
}

internal sealed class VolumeFields
{
    /// <summary>Display name.</summary>
    /// <example>data</example>
    public string? Name { get; init; }

    /// <summary>Up to 255 characters.</summary>
    /// <example>the second disk</example>
    public string? Description { get; init; }

    /// <summary>GiB, 1 to 65536; the source's where left out.</summary>
    /// <example>1</example>
    [Range(1, 65_536)]
    public int? Size { get; init; }

    /// <summary>An image whose boot volume is copied.</summary>
    /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
    [JsonPropertyName("imageRef")]
    public string? ImageRef { get; init; }

    /// <summary>A volume that is copied; not with imageRef.</summary>
    /// <example>283332d7-a5e4-4df8-9480-08fbae18875b</example>
    public string? SourceVolid { get; init; }

    /// <summary>Words of the owner's.</summary>
    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>Storage template, by id or name; the default one where left out.</summary>
    /// <example>local base template</example>
    public string? VolumeType { get; init; }
}

/// <summary>Body of a new image. Other properties are kept as they are sent, as text.</summary>
internal sealed class ImageDocument
{
    /// <summary>Its id, a UUID; made up where left out.</summary>
    /// <example>5a8c1f0e-6d0b-4a43-9c0e-2f6d3b1c7e10</example>
    public string? Id { get; init; }

    /// <summary>Display name.</summary>
    /// <example>small</example>
    public string? Name { get; init; }

    /// <summary>Format of the disk.</summary>
    /// <example>raw</example>
    [AllowedValues("raw")]
    public string? DiskFormat { get; init; }

    /// <summary>Format around the disk.</summary>
    /// <example>bare</example>
    [AllowedValues("bare")]
    public string? ContainerFormat { get; init; }

    /// <summary>PowerVC's word for the operating system.</summary>
    /// <example>rhel</example>
    public string? OsDistro { get; init; }

    /// <summary>ppc64 or ppc64le.</summary>
    /// <example>ppc64le</example>
    public string? Architecture { get; init; }

    /// <summary>JSON text naming the image's volumes; the image is then active at once. Left out: put a file to it.</summary>
    /// <example>[{"boot_index":0,"source_type":"volume","destination_type":"volume","volume_id":"283332d7-a5e4-4df8-9480-08fbae18875b"}]</example>
    public string? BlockDeviceMapping { get; init; }

    /// <summary>Other properties.</summary>
    [JsonExtensionData]
    public Dictionary<string, object>? More { get; init; }
}

/// <summary>One change of a JSON patch (RFC 6902).</summary>
internal sealed class PatchStep
{
    /// <summary>What to do with the field.</summary>
    /// <example>replace</example>
    [Required]
    [AllowedValues("add", "replace", "remove")]
    public string? Op { get; init; }

    /// <summary>The field, as a JSON pointer of one step.</summary>
    /// <example>/name</example>
    [Required]
    public string? Path { get; init; }

    /// <summary>The new value; not with remove.</summary>
    /// <example>renamed</example>
    public string? Value { get; init; }
}
