using System.Buffers.Binary;

namespace ImageBackup.Ova.Deflate;

/// <summary>Writes deflate's stored blocks (RFC 1951 §3.2.4), for data that does not get smaller. They end at a byte boundary and are not final.</summary>
internal static class StoredDeflate
{
    private const int MostBytes = ushort.MaxValue;
    private const int HeaderLength = 5;

    public static int LengthOf(int raw) => raw + (raw + MostBytes - 1) / MostBytes * HeaderLength;

    public static int Write(ReadOnlySpan<byte> raw, Span<byte> stored)
    {
        var written = 0;
        for (; !raw.IsEmpty; raw = raw[Math.Min(MostBytes, raw.Length)..])
        {
            var piece = raw[..Math.Min(MostBytes, raw.Length)];
            stored[written] = 0;
            BinaryPrimitives.WriteUInt16LittleEndian(stored[(written + 1)..], (ushort)piece.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(stored[(written + 3)..], (ushort)~piece.Length);
            piece.CopyTo(stored[(written + HeaderLength)..]);
            written += HeaderLength + piece.Length;
        }

        return written;
    }
}
