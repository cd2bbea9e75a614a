namespace ImageBackup.Ova;

/// <summary>What a reader may spend on an archive from outside.</summary>
public sealed record OvaReaderOptions
{
    /// <summary>Where an archive that is gzipped as a whole is inflated; it must exist.</summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>Members of the archive, headers that only describe others included.</summary>
    public int MaxMembers { get; init; } = 1024;

    /// <summary>Volumes of the descriptor.</summary>
    public int MaxVolumes { get; init; } = 128;

    /// <summary>Bytes of the descriptor, and of the manifest.</summary>
    public int MaxDescriptorBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of one volume: 64 TiB.</summary>
    public long MaxCapacity { get; init; } = 64L << 40;

    /// <summary>Bytes that an archive gzipped as a whole may inflate to, runs of zeros included.</summary>
    public long MaxInflatedBytes { get; init; } = 64L << 40;

    /// <summary>Bytes on disk, other than runs of zeros, for one byte of gzip; no volume compresses better, a bomb does.</summary>
    public int MaxInflationRatio { get; init; } = 250;

    /// <summary>Bytes of the scratch directory's disk that are left free.</summary>
    public long FreeSpaceReserve { get; init; } = 64L << 20;
}
