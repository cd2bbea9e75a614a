using ImageBackup.Disks;

namespace ImageBackup.Ova.Descriptor;

/// <summary>The image that an OVF descriptor describes: name, operating system and volumes.</summary>
public sealed record OvfDescriptor
{
    /// <summary>The image's name.</summary>
    public required string Name { get; init; }

    /// <summary>The image's description; null if the descriptor has none.</summary>
    public string? Description { get; init; }

    /// <summary>The operating system: <c>aix</c>, <c>ibmi</c>, <c>rhel</c>, <c>coreos</c>, <c>ubuntu</c>, <c>sles</c> or another word; null if unknown.</summary>
    public string? OsType { get; init; }

    /// <summary>The architecture: <c>ppc64</c>, <c>ppc64le</c> or another word; null if unknown.</summary>
    public string? Architecture { get; init; }

    /// <summary>The volumes in the order of the descriptor's hardware items.</summary>
    public required IReadOnlyList<OvfVolume> Volumes { get; init; }

    /// <summary>Members behind the volumes that are no disks, such as block lists. Readers leave them out.</summary>
    public IReadOnlyList<OvfFile> OtherFiles { get; init; } = [];
}

/// <summary>A member that is no disk.</summary>
/// <param name="Href">Name of the member.</param>
/// <param name="Size">Bytes of the member.</param>
public sealed record OvfFile(string Href, long Size);

/// <summary>One volume of a descriptor: its file, disk and hardware item.</summary>
public sealed record OvfVolume
{
    /// <summary>Name of the member with the volume's bytes.</summary>
    public required string Href { get; init; }

    /// <summary>The volume's display name (<c>rasd:ElementName</c>).</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the volume to create. The raw data may be shorter.</summary>
    public required long Capacity { get; init; }

    /// <summary>Bytes of the member as stored; null if the descriptor does not say.</summary>
    public long? StoredSize { get; init; }

    /// <summary>The compression of the member (<c>File/@compression</c>); null if the descriptor declares none. Writers use gzip only.</summary>
    public DiskFormat? Compression { get; init; }

    /// <summary>The format of the disk in the member (<c>Disk/@format</c>); null if the descriptor declares none or an unknown one.</summary>
    public DiskFormat? Format { get; init; }

    /// <summary>True if the disk has no file: it is empty. The href is then made of the disk's id.</summary>
    public bool IsBlank { get; init; }

    /// <summary>True if the volume belongs to the boot set.</summary>
    public required bool Boot { get; init; }
}
