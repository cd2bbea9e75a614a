using ImageBackup.Disks;

namespace ImageBackup.Ova.Blocks;

/// <summary>What a member is compared with. Null values are not compared.</summary>
public sealed record RestoreExpectation
{
    /// <summary>The member's name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the restored volume. The raw data may be shorter; the rest is a hole.</summary>
    public required long Capacity { get; init; }

    /// <summary>Digest of the member as stored, of any algorithm that manifests use.</summary>
    public OvaDigest? Stored { get; init; }

    /// <summary>The volume digest, hex (<see cref="PackedVolume.VolumeDigest"/>).</summary>
    public string? VolumeDigest { get; init; }

    /// <summary>Format that the descriptor declares for a disk image; null for any.</summary>
    public DiskFormat? Format { get; init; }

    /// <summary>The block list. With it, blocks are inflated on every core, and error messages name the damaged block.</summary>
    public FileRegion? BlockList { get; init; }
}
