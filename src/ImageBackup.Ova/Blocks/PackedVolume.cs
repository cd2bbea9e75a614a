namespace ImageBackup.Ova.Blocks;

/// <summary>A volume that was packed as a member.</summary>
public sealed record PackedVolume
{
    /// <summary>Offset of the member's tar header in the archive; 0 for a member in a file of its own.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes of the raw volume.</summary>
    public required long VolumeSize { get; init; }

    /// <summary>Bytes of the member as stored.</summary>
    public required long StoredSize { get; init; }

    /// <summary>SHA-256 of the member as stored, lower-case hex, for the manifest (DSP0243 1.1 §5.1).</summary>
    public required string StoredSha256 { get; init; }

    /// <summary>Volume digest, lower-case hex: SHA-256 over the SHA-256 of each 1 MiB block.</summary>
    public required string VolumeDigest { get; init; }

    /// <summary>Bytes of the block list; 0 for none.</summary>
    public required long BlockListSize { get; init; }

    /// <summary>SHA-256 of the block list, lower-case hex.</summary>
    public required string BlockListSha256 { get; init; }
}
