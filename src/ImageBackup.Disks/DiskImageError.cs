namespace ImageBackup.Disks;

/// <summary>Why a disk image is refused.</summary>
public enum DiskImageError
{
    /// <summary>The image may be fine, but it uses something that is not read here.</summary>
    Unsupported,

    /// <summary>The image contradicts its format or ends too early.</summary>
    Damaged,

    /// <summary>The image is larger than the caller allows.</summary>
    TooLarge,
}
