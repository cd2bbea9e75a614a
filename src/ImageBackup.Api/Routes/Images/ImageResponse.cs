using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Images;

/// <summary>An image, as Glance shows it. The image's further properties stand beside these fields, as text.</summary>
internal sealed record ImageResponse
{
    /// <summary>The id.</summary>
    /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
    public required string Id { get; init; }

    /// <summary>The name; null if there is none.</summary>
    /// <example>demo-aix</example>
    public string? Name { get; init; }

    /// <summary>queued: the image has no file yet. saving: the file is being uploaded. importing: an import is creating the image. active: the image can be exported.</summary>
    /// <example>active</example>
    public required string Status { get; init; }

    /// <summary>Who sees the image: public, private, shared or community.</summary>
    /// <example>public</example>
    public required string Visibility { get; init; }

    /// <summary>The id of the project that owns the image.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    public string? Owner { get; init; }

    /// <summary>The size of the file in bytes; null if there is no file.</summary>
    /// <example>67108864</example>
    public long? Size { get; init; }

    /// <summary>The size of the disk in bytes; null if there is no file.</summary>
    /// <example>67108864</example>
    public long? VirtualSize { get; init; }

    /// <summary>MD5 of the file in hex; null if it is not known.</summary>
    /// <example>f722cf2e62609cb19c05730cfea35c23</example>
    public string? Checksum { get; init; }

    /// <summary>The algorithm of os_hash_value: sha512; null if there is no value.</summary>
    /// <example>sha512</example>
    public string? OsHashAlgo { get; init; }

    /// <summary>The digest of the file in hex; null if it is not known.</summary>
    /// <example>783b31b01bfc983281675ab6fcff65afa12911112e359a4c798cf65232d6da26aadc78a67d9055de87795af6cf7285a3e1da89b876f51a2011b7682ab3290819</example>
    public string? OsHashValue { get; init; }

    /// <summary>True if lists leave the image out.</summary>
    /// <example>false</example>
    public required bool OsHidden { get; init; }

    /// <summary>True if the image cannot be deleted.</summary>
    /// <example>false</example>
    public required bool Protected { get; init; }

    /// <summary>The format of the disk: raw; null if it was not given.</summary>
    /// <example>raw</example>
    public string? DiskFormat { get; init; }

    /// <summary>The format around the disk: bare; null if it was not given.</summary>
    /// <example>bare</example>
    public string? ContainerFormat { get; init; }

    /// <summary>The disk space in GiB that the image needs to boot.</summary>
    /// <example>0</example>
    public required int MinDisk { get; init; }

    /// <summary>The memory in MiB that the image needs to boot.</summary>
    /// <example>0</example>
    public required int MinRam { get; init; }

    /// <summary>Tags to find the image by.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Creation time, UTC.</summary>
    /// <example>2026-11-23T19:15:35Z</example>
    public required string CreatedAt { get; init; }

    /// <summary>Time of the last change, UTC.</summary>
    /// <example>2026-11-23T19:15:36Z</example>
    public required string UpdatedAt { get; init; }

    /// <summary>The path of the image.</summary>
    /// <example>/v2/images/9c219888-1ab0-429e-9282-7cbc6957c839</example>
    public required string Self { get; init; }

    /// <summary>The path of the image's file.</summary>
    /// <example>/v2/images/9c219888-1ab0-429e-9282-7cbc6957c839/file</example>
    public required string File { get; init; }

    /// <summary>The path of the image's JSON schema.</summary>
    /// <example>/v2/schemas/image</example>
    public required string Schema { get; init; }

    /// <summary>A JSON text that lists the image's volumes. Left out if there are none.</summary>
    /// <example>[{"boot_index":0,"source_type":"volume","destination_type":"volume","volume_id":"283332d7-a5e4-4df8-9480-08fbae18875b"}]</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BlockDeviceMapping { get; init; }

    /// <summary>Further properties.</summary>
    [JsonExtensionData]
    public Dictionary<string, object>? Properties { get; init; }

    public static ImageResponse Of(ImageRecord image) => new()
    {
        Id = image.Id,
        Name = image.Name,
        Status = image.Status,
        Visibility = image.Visibility,
        Owner = image.Owner,
        Size = image.Size,
        VirtualSize = image.Size,
        Checksum = image.Checksum,
        OsHashAlgo = image.OsHashValue is null ? null : "sha512",
        OsHashValue = image.OsHashValue,
        OsHidden = image.IsHidden,
        Protected = image.IsProtected,
        DiskFormat = image.DiskFormat,
        ContainerFormat = image.ContainerFormat,
        MinDisk = image.MinDisk,
        MinRam = image.MinRam,
        Tags = image.Tags,
        CreatedAt = ApiJson.GlanceTime(image.CreatedAt),
        UpdatedAt = ApiJson.GlanceTime(image.UpdatedAt),
        Self = $"/v2/images/{image.Id}",
        File = $"/v2/images/{image.Id}/file",
        Schema = "/v2/schemas/image",
        BlockDeviceMapping = image.BlockDeviceMapping,
        Properties = image.Properties.ToDictionary(property => property.Key, property => (object)property.Value),
    };
}
