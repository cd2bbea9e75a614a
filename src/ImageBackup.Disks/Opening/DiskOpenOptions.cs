namespace ImageBackup.Disks.Opening;

/// <summary>How an image is opened.</summary>
public sealed record DiskOpenOptions
{
    /// <summary>
    /// The format that the file must have. Null accepts what its bytes tell. <see cref="DiskFormat.Raw"/> takes the bytes as the disk itself, whatever they tell.
    /// </summary>
    public DiskFormat? Format { get; init; }

    /// <summary>Most bytes that the guest's disk may have. 64 TiB unless set, which is the most that VHDX allows.</summary>
    public long MaxLength { get; init; } = 64L << 40;

    /// <summary>
    /// Path of a new file for unpacking compressed images that must be read at any offset; it is deleted when the image is disposed. Without a path, such images are
    /// refused. Compressed raw disks need none.
    /// </summary>
    public string? ScratchPath { get; init; }

    /// <summary>Most bytes of the scratch file.</summary>
    public long MaxScratchLength { get; init; } = 64L << 40;
}
