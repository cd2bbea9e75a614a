namespace ImageBackup.Ova.Blocks;

/// <summary>What a stored member is expected to be; what is null is not known, and not checked.</summary>
public sealed record RestoreExpectation
{
    /// <summary>The member's name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Most bytes that the raw volume may have, and the length of a restored one.</summary>
    public required long Capacity { get; init; }

    /// <summary>SHA-256 of the member as stored, hex: the manifest's.</summary>
    public string? StoredSha256 { get; init; }

    /// <summary>The volume's digest, hex, as <see cref="PackedVolume.VolumeDigest"/> has it.</summary>
    public string? VolumeDigest { get; init; }

    /// <summary>The block list, where the archive has one: blocks are then inflated on every core, and one that rotted is named.</summary>
    public FileRegion? BlockList { get; init; }
}
