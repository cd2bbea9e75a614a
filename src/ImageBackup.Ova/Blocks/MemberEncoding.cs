namespace ImageBackup.Ova.Blocks;

/// <summary>How the bytes of a member become those of a volume.</summary>
public enum MemberEncoding
{
    /// <summary>The bytes are the volume's.</summary>
    Raw,

    /// <summary>The bytes are gzip, and the unpacked bytes are the volume's, whatever they look like.</summary>
    Gzip,

    /// <summary>The bytes are a disk image, a compressed disk image or a compressed disk. The volume's bytes are those that the guest sees.</summary>
    DiskImage,
}
