using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Version-1 UUIDs (RFC 9562 §5.1), which PowerVC uses for restored volumes. The node part is random (§6.10).</summary>
internal static class TimeBasedUuid
{
    private static readonly DateTime GregorianStart = new(1582, 10, 15, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Returns a UUID of the moment. UUIDs with other numbers differ.</summary>
    public static string Create(DateTime moment, int number)
    {
        var ticks = (ulong)(moment.ToUniversalTime() - GregorianStart).Ticks + (ulong)number;
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)ticks);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)(ticks >> 32));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(((ticks >> 48) & 0x0FFF) | 0x1000));
        RandomNumberGenerator.Fill(bytes[8..]);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        bytes[10] |= 0x01;
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
