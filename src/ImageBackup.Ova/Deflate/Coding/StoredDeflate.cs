namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>Writes deflate's stored blocks (RFC 1951 §3.2.4), for data that does not get smaller. They end at a byte boundary and are not final.</summary>
internal static class StoredDeflate
{
    private const int MostBytes = ushort.MaxValue;
    private const int HeaderLength = 5;

    /// <summary>Bytes of an empty stored block, at most.</summary>
    public const int EmptyLength = HeaderLength + 1;

    /// <summary>Returns the bytes of the stored blocks of some raw bytes, if they begin at a byte boundary. Elsewhere, they may need one byte more.</summary>
    public static int LengthOf(int raw) => raw + (raw + MostBytes - 1) / MostBytes * HeaderLength;

    /// <summary>Writes an empty block, which ends at a byte boundary.</summary>
    public static void WriteEmpty(ref BitWriter bits) => WriteHeader(ref bits, 0);

    public static unsafe void Write(ref BitWriter bits, byte* raw, int length)
    {
        while (length > 0)
        {
            var piece = Math.Min(MostBytes, length);
            WriteHeader(ref bits, piece);
            bits.Copy(raw, piece);
            raw += piece;
            length -= piece;
        }
    }

    /// <summary>Writes raw bytes as stored blocks.</summary>
    /// <param name="stored">At least 8 bytes more than <see cref="LengthOf"/>.</param>
    /// <returns>Bytes written.</returns>
    public static unsafe int Write(ReadOnlySpan<byte> raw, Span<byte> stored)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stored.Length, LengthOf(raw.Length) + 8);
        fixed (byte* input = raw, output = stored)
        {
            var bits = new BitWriter(output);
            Write(ref bits, input, raw.Length);
            return (int)(bits.Position - output);
        }
    }

    private static void WriteHeader(ref BitWriter bits, int length)
    {
        bits.Add(0, 3);
        bits.Align();
        bits.Add((uint)length | ((uint)(ushort)~length << 16), 32);
        bits.Flush();
    }
}
