using ImageBackup.Ova.Descriptor;

namespace ImageBackup.Ova.Archive;

/// <summary>An archive as read: what it describes, and where in which file the volumes lie.</summary>
public sealed record OvaArchive
{
    /// <summary>The plain tar that the regions below point into.</summary>
    public required string Path { get; init; }

    /// <summary>The file the archive was inflated into, where it was gzipped as a whole; the caller removes it when done.</summary>
    public string? ScratchFile { get; init; }

    public required OvfDescriptor Descriptor { get; init; }

    /// <summary>In the descriptor's order.</summary>
    public required IReadOnlyList<OvaVolumeMember> Volumes { get; init; }

    /// <summary>False where the archive has no manifest, as older ones of PowerVC have none.</summary>
    public required bool HasManifest { get; init; }
}

/// <summary>A volume in an archive.</summary>
public sealed record OvaVolumeMember
{
    /// <summary>Its name, capacity and boot flag; the href is the member's name, the stored size the member's.</summary>
    public required OvfVolume Volume { get; init; }

    /// <summary>The bytes as stored.</summary>
    public required FileRegion Stored { get; init; }

    /// <summary>True where the bytes are gzip, whatever the name says.</summary>
    public required bool IsGzip { get; init; }

    /// <summary>The manifest's digest of the stored bytes, to be checked by whoever streams them; null without a manifest.</summary>
    public OvaDigest? Expected { get; init; }

    /// <summary><see cref="Expected"/> where it is a SHA-256, lower-case hex.</summary>
    public string? ExpectedSha256 => Expected is { Algorithm.Name: "SHA256" } digest ? digest.Hex : null;

    /// <summary>The block list, checked against the manifest already; null where the archive has none.</summary>
    public FileRegion? BlockList { get; init; }
}
