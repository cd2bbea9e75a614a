namespace ImageBackup.Disks.Opening;

/// <summary>How an image is opened.</summary>
public sealed record DiskOpenOptions
{
    /// <summary>The format to read, without looking at the bytes; null to probe. <see cref="DiskFormat.Raw"/> takes any bytes as the disk itself.</summary>
    public DiskFormat? Format { get; init; }

    /// <summary>Most bytes that the guest's disk may have. 64 TiB unless set, which is also the most that VHDX allows.</summary>
    public long MaxLength { get; init; } = 64L << 40;
}
