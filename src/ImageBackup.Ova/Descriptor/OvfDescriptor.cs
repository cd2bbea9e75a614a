namespace ImageBackup.Ova.Descriptor;

/// <summary>What PowerVC reads from and writes into an OVF descriptor: image, operating system and volumes.</summary>
public sealed record OvfDescriptor
{
    /// <summary>The image's name.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary><c>aix</c>, <c>ibmi</c>, <c>rhel</c>, <c>coreos</c>, <c>ubuntu</c>, <c>sles</c> …; null where the descriptor does not tell.</summary>
    public string? OsType { get; init; }

    /// <summary><c>ppc64</c> or <c>ppc64le</c>; null where the descriptor does not tell.</summary>
    public string? Architecture { get; init; }

    /// <summary>The volumes in the order of the hardware items.</summary>
    public required IReadOnlyList<OvfVolume> Volumes { get; init; }
}

/// <summary>One volume of a descriptor: its file, disk and hardware item.</summary>
public sealed record OvfVolume
{
    /// <summary>Name of the member that holds the volume; relative, no dot segments.</summary>
    public required string Href { get; init; }

    /// <summary>The volume's display name (<c>rasd:ElementName</c>).</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the volume to create; at least the raw data's.</summary>
    public required long Capacity { get; init; }

    /// <summary>Bytes of the member as stored; null where an older descriptor leaves it out.</summary>
    public long? StoredSize { get; init; }

    /// <summary>True where the descriptor says <c>ovf:compression="gzip"</c>.</summary>
    public bool IsGzip { get; init; }

    /// <summary>True for a volume of the boot set.</summary>
    public required bool Boot { get; init; }
}
