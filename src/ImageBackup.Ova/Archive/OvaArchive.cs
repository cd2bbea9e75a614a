using ImageBackup.Disks.Opening;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Descriptor;

namespace ImageBackup.Ova.Archive;

/// <summary>An archive that was read: its description, and where its volumes are.</summary>
public sealed record OvaArchive
{
    /// <summary>The tar file that the regions below refer to: the archive, or its unpacked copy.</summary>
    public required string Path { get; init; }

    /// <summary>The unpacked copy of a compressed archive, which the caller deletes; null for a plain archive.</summary>
    public string? ScratchFile { get; init; }

    /// <summary>What the descriptor says.</summary>
    public required OvfDescriptor Descriptor { get; init; }

    /// <summary>The volumes in the descriptor's order.</summary>
    public required IReadOnlyList<OvaVolumeMember> Volumes { get; init; }

    /// <summary>False for an archive without a manifest. Older PowerVC archives have none.</summary>
    public bool HasManifest => ManifestSha256 is not null;

    /// <summary>SHA-256 of the manifest, lower-case hex; null without a manifest.</summary>
    public required string? ManifestSha256 { get; init; }
}

/// <summary>A volume in an archive.</summary>
public sealed record OvaVolumeMember
{
    /// <summary>Name, capacity and boot flag. The href is the member's name and the stored size is the member's size.</summary>
    public required OvfVolume Volume { get; init; }

    /// <summary>The member's bytes.</summary>
    public required FileRegion Stored { get; init; }

    /// <summary>How the member's bytes become the volume's.</summary>
    public required MemberEncoding Encoding { get; init; }

    /// <summary>What the member's bytes are.</summary>
    public required DiskSummary Disk { get; init; }

    /// <summary>The manifest's digest of the member's bytes; null without a manifest. Reading the archive does not check it.</summary>
    public OvaDigest? Expected { get; init; }

    /// <summary>The block list, whose digest was checked; null if the archive has none for this volume.</summary>
    public FileRegion? BlockList { get; init; }
}
