using System.Security.Cryptography;

namespace ImageBackup.Ova.Blocks;

/// <summary>A volume is cut into blocks of one size; each is hashed, deflated and checked by itself, so that cores share the work and a fault is named.</summary>
public static class VolumeBlocks
{
    /// <summary>Bytes of a block; the last one of a volume may be shorter.</summary>
    public const int Size = 1 << 20;

    /// <summary>SHA-256 of a whole block of zeros.</summary>
    internal static ReadOnlySpan<byte> ZeroDigest => ZeroBlockDigest;

    private static readonly byte[] ZeroBlockDigest = SHA256.HashData(new byte[Size]);

    /// <summary>Blocks of a volume, the short last one counted.</summary>
    internal static long CountOf(long volumeSize) => volumeSize / Size + (volumeSize % Size == 0 ? 0 : 1);

    /// <summary>Raw bytes of one block.</summary>
    internal static int LengthOf(long index, long volumeSize) => (int)Math.Min(Size, volumeSize - index * Size);
}
