using System.Security.Cryptography;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>The blocks of a volume. Each is hashed, deflated and checked on its own, so that cores share the work and error messages name a block.</summary>
internal static class VolumeBlocks
{
    /// <summary>Bytes of a block. A volume's last block may be shorter.</summary>
    public const int Size = 1 << 20;

    /// <summary>SHA-256 of a whole block of zeros.</summary>
    public static ReadOnlySpan<byte> ZeroDigest => ZeroBlockDigest;

    private static readonly byte[] ZeroBlockDigest = SHA256.HashData(Zeros.Block);

    /// <summary>Returns the number of blocks of a volume.</summary>
    public static long CountOf(long volumeSize) => volumeSize / Size + (volumeSize % Size == 0 ? 0 : 1);

    /// <summary>Returns the raw bytes of a block.</summary>
    public static int LengthOf(long index, long volumeSize) => (int)Math.Min(Size, volumeSize - index * Size);
}
