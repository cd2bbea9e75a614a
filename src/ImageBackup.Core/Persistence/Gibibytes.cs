namespace ImageBackup.Core.Persistence;

/// <summary>Sizes in whole GiB, as Cinder shows them.</summary>
public static class Gibibytes
{
    /// <summary>Bytes of one GiB.</summary>
    public const long Bytes = 1L << 30;

    /// <summary>Returns the GiB that hold <paramref name="bytes"/>, at least 1.</summary>
    public static int RoundUp(long bytes) => (int)Math.Clamp((bytes / Bytes) + (bytes % Bytes > 0 ? 1 : 0), 1, int.MaxValue);
}
