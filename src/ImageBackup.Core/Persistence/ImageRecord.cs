namespace ImageBackup.Core.Persistence;

/// <summary>A Glance image. PowerVC's images are volume-backed: <see cref="BlockDeviceMapping"/> names their volumes.</summary>
public sealed class ImageRecord
{
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public string? Name { get; set; }

    /// <summary>Glance's status: <c>queued</c>, <c>saving</c>, <c>importing</c> or <c>active</c>.</summary>
    public required string Status { get; set; }

    /// <summary><c>public</c>, <c>private</c>, <c>shared</c> or <c>community</c>.</summary>
    public required string Visibility { get; set; }

    public string? DiskFormat { get; set; }

    public string? ContainerFormat { get; set; }

    /// <summary>Bytes of the image's file; null if it has none.</summary>
    public long? Size { get; set; }

    /// <summary>MD5 of the file as lower-case hex.</summary>
    public string? Checksum { get; set; }

    /// <summary>SHA-512 of the file as lower-case hex (<c>os_hash_value</c>).</summary>
    public string? OsHashValue { get; set; }

    /// <summary>In GiB.</summary>
    public int MinDisk { get; set; }

    /// <summary>In MiB.</summary>
    public int MinRam { get; set; }

    public bool IsProtected { get; set; }

    public bool IsHidden { get; set; }

    public List<string> Tags { get; set; } = [];

    /// <summary>JSON list of block devices (Nova's BDM v2) that names the image's volumes; null without volumes.</summary>
    public string? BlockDeviceMapping { get; set; }

    /// <summary>Other properties, such as <c>os_distro</c> or <c>architecture</c>.</summary>
    public Dictionary<string, string> Properties { get; set; } = [];

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }
}
