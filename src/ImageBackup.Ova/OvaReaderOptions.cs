namespace ImageBackup.Ova;

/// <summary>Limits for reading an archive, which may come from an attacker.</summary>
public sealed record OvaReaderOptions
{
    /// <summary>An existing directory for the unpacked copy of a compressed archive.</summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>
    /// True to take the bytes of every member as a raw disk, whatever format they look like or are declared to have. Declared gzip is unpacked.
    /// </summary>
    public bool ForceRaw { get; init; }

    /// <summary>True to refuse an archive that is a symbolic link.</summary>
    public bool RefusesLinks { get; init; }

    /// <summary>Most tar headers of an archive, including those of long names and extended attributes.</summary>
    public int MaxMembers { get; init; } = 1024;

    /// <summary>Most volumes of a descriptor.</summary>
    public int MaxVolumes { get; init; } = 128;

    /// <summary>Most bytes of the descriptor, of the manifest and of the <c>.meta</c> file.</summary>
    public int MaxDescriptorBytes { get; init; } = 4 << 20;

    /// <summary>Most bytes of one volume: 64 TiB unless set.</summary>
    public long MaxCapacity { get; init; } = 64L << 40;

    /// <summary>Most bytes that a compressed archive may unpack to, including zeros: 64 TiB unless set.</summary>
    public long MaxInflatedBytes { get; init; } = 64L << 40;

    /// <summary>Most bytes on disk, zeros not counted, per compressed byte. Volumes stay below 250; decompression bombs do not.</summary>
    public int MaxInflationRatio { get; init; } = 250;

    /// <summary>Bytes that unpacking leaves free on the disk of the scratch directory.</summary>
    public long FreeSpaceReserve { get; init; } = 64L << 20;
}
