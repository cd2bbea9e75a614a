namespace ImageBackup.Core.Persistence;

/// <summary>Cinder counts volumes in whole GiB.</summary>
public static class Gibibytes
{
    /// <summary>Bytes of one.</summary>
    public const long Bytes = 1L << 30;

    /// <summary>Whole GiB that hold <paramref name="bytes"/>; at least 1, as no volume is smaller.</summary>
    public static int RoundUp(long bytes) => (int)Math.Clamp((bytes / Bytes) + (bytes % Bytes > 0 ? 1 : 0), 1, int.MaxValue);
}
