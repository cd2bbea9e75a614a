using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Blocks;

/// <summary>The deflate encoding of a whole block of zeros. It is computed once, so that long runs of zeros are fast.</summary>
internal static class ZeroBlock
{
    /// <summary>Most encodings that <see cref="Encodings"/> returns.</summary>
    public const int RowLength = 64;

    private static readonly byte[] Encoding = Encode();

    /// <summary><see cref="RowLength"/> encodings, so that long runs are written in large pieces.</summary>
    private static readonly byte[] Row = Enumerable.Repeat(Encoding, RowLength).SelectMany(bytes => bytes).ToArray();

    /// <summary>Bytes of one encoding.</summary>
    public static int StoredLength => Encoding.Length;

    /// <summary>Returns a number of encodings.</summary>
    public static ReadOnlySpan<byte> Encodings(int count) => Row.AsSpan(0, count * Encoding.Length);

    private static byte[] Encode()
    {
        using var deflater = ManagedDeflater.Thorough();
        var stored = new byte[VolumeBlocks.Size / 64];
        return stored[..deflater.Deflate(new byte[VolumeBlocks.Size], stored)];
    }
}
