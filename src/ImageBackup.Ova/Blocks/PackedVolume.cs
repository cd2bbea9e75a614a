namespace ImageBackup.Ova.Blocks;

/// <summary>What packing a volume into a member has shown.</summary>
public sealed record PackedVolume
{
    /// <summary>Bytes of the raw volume.</summary>
    public required long VolumeSize { get; init; }

    /// <summary>Bytes of the member as stored.</summary>
    public required long StoredSize { get; init; }

    /// <summary>SHA-256 of the member as stored, lower-case hex: the manifest's digest (DSP0243 §6.1).</summary>
    public required string StoredSha256 { get; init; }

    /// <summary>SHA-256 over the volume's block digests, lower-case hex.</summary>
    public required string VolumeDigest { get; init; }

    /// <summary>Bytes of the block list file.</summary>
    public required long BlockListSize { get; init; }

    /// <summary>SHA-256 of the block list file, lower-case hex.</summary>
    public required string BlockListSha256 { get; init; }
}
