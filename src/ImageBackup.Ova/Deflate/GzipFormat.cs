using System.Buffers.Binary;

namespace ImageBackup.Ova.Deflate;

/// <summary>The frame of a gzip member (RFC 1952 §2.3) as written here: no name, no time, so that equal volumes become equal members.</summary>
internal static class GzipFormat
{
    public const int HeaderLength = 10;

    /// <summary>CRC-32 and ISIZE.</summary>
    public const int TrailerLength = 8;

    /// <summary>An empty final deflate block and the trailer.</summary>
    public const int TailLength = 2 + TrailerLength;

    /// <summary>Deflate; no flags; no time; made on Unix.</summary>
    public static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];

    public static byte[] Tail(uint crc, long size)
    {
        var tail = new byte[TailLength];
        tail[0] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(2), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(6), unchecked((uint)size));
        return tail;
    }
}
