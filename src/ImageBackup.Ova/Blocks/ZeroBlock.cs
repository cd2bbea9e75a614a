using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Blocks;

/// <summary>The deflate encoding of a whole block of zeros, made once: runs of zeros cost a copy.</summary>
internal static class ZeroBlock
{
    /// <summary>Encodings in <see cref="Encodings"/>'s longest answer.</summary>
    public const int RowLength = 64;

    private const int BestLevel = 9;

    private static readonly byte[] Encoding = Encode();

    /// <summary>Many encodings in a row, so that long runs are written in large pieces.</summary>
    private static readonly byte[] Row = Enumerable.Repeat(Encoding, RowLength).SelectMany(bytes => bytes).ToArray();

    /// <summary>Bytes of one encoding.</summary>
    public static int StoredLength => Encoding.Length;

    /// <summary>Encodings of so many blocks, one behind the other.</summary>
    public static ReadOnlySpan<byte> Encodings(int count) => Row.AsSpan(0, count * Encoding.Length);

    private static byte[] Encode()
    {
        using var deflater = new RuntimeDeflater(BestLevel);
        var stored = new byte[VolumeBlocks.Size / 64];
        return stored[..deflater.Deflate(new byte[VolumeBlocks.Size], stored)];
    }
}
