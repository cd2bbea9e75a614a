using System.Buffers.Binary;

namespace ImageBackup.Ova.Deflate;

/// <summary>The header and trailer of gzip data (RFC 1952 §2.3). No name and no time are written, so that equal volumes become equal members.</summary>
internal static class GzipFormat
{
    public const int HeaderLength = 10;

    /// <summary>Bytes of CRC-32 and ISIZE.</summary>
    public const int TrailerLength = 8;

    /// <summary>Bytes of an empty final deflate block and the trailer.</summary>
    public const int TailLength = 2 + TrailerLength;

    /// <summary>Method deflate, no flags, no time, operating system Unix.</summary>
    public static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];

    /// <summary>Returns the empty final deflate block and the trailer.</summary>
    public static byte[] Tail(uint crc, long size)
    {
        var tail = new byte[TailLength];
        tail[0] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(2), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(6), unchecked((uint)size));
        return tail;
    }
}
