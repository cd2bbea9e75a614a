namespace ImageBackup.Core.Persistence;

/// <summary>One Glance image. PowerVC's images are volume-backed: <see cref="BlockDeviceMapping"/> names their volumes.</summary>
public sealed class ImageRecord
{
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public string? Name { get; set; }

    /// <summary>Glance's word: <c>queued</c>, <c>saving</c>, <c>importing</c> or <c>active</c>.</summary>
    public required string Status { get; set; }

    /// <summary><c>public</c>, <c>private</c>, <c>shared</c> or <c>community</c>.</summary>
    public required string Visibility { get; set; }

    public string? DiskFormat { get; set; }

    public string? ContainerFormat { get; set; }

    /// <summary>Bytes of the image's file; null without one.</summary>
    public long? Size { get; set; }

    /// <summary>Lower-case hex of the file's MD5, as Glance shows it.</summary>
    public string? Checksum { get; set; }

    /// <summary>Lower-case hex of the file's SHA-512 (<c>os_hash_value</c>).</summary>
    public string? OsHashValue { get; set; }

    /// <summary>GiB.</summary>
    public int MinDisk { get; set; }

    /// <summary>MiB.</summary>
    public int MinRam { get; set; }

    public bool IsProtected { get; set; }

    public bool IsHidden { get; set; }

    public List<string> Tags { get; set; } = [];

    /// <summary>JSON list of block devices (Nova's BDM v2) naming the image's volumes; null without volumes.</summary>
    public string? BlockDeviceMapping { get; set; }

    /// <summary>Every further property, such as <c>os_distro</c> or <c>architecture</c>.</summary>
    public Dictionary<string, string> Properties { get; set; } = [];

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }
}
