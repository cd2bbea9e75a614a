namespace ImageBackup.Core.Backups;

/// <summary>Cinder counts volumes in whole GiB.</summary>
public static class Gibibytes
{
    private const long Bytes = 1L << 30;

    /// <summary>Whole GiB that hold <paramref name="bytes"/>; at least 1, as no volume is smaller.</summary>
    public static int RoundUp(long bytes) => (int)Math.Max(1, (bytes + Bytes - 1) / Bytes);
}
