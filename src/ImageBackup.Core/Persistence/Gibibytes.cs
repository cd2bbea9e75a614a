namespace ImageBackup.Core.Persistence;

/// <summary>Cinder counts volumes in whole GiB.</summary>
public static class Gibibytes
{
    /// <summary>The bytes of one GiB.</summary>
    public const long Bytes = 1L << 30;

    /// <summary>Returns <paramref name="bytes"/> in GiB, rounded up. The smallest volume has 1 GiB.</summary>
    public static int RoundUp(long bytes) => (int)Math.Clamp((bytes / Bytes) + (bytes % Bytes > 0 ? 1 : 0), 1, int.MaxValue);
}
