using System.Buffers.Binary;
using System.Text;

namespace ImageBackup.Ova.Tar;

/// <summary>The fields of a 512-byte header as POSIX (ustar) and GNU define them.</summary>
internal static class TarField
{
    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    public static byte Type(ReadOnlySpan<byte> header) => header[156];

    /// <summary>Name with ustar's prefix; GNU's header has other things in that place.</summary>
    public static string Name(ReadOnlySpan<byte> header)
    {
        var name = Text(header[..100]);
        var isUstar = header.Slice(257, 6).SequenceEqual("ustar\0"u8);
        var prefix = isUstar ? Text(header.Slice(345, 155)) : "";
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }

    /// <summary>The size, or null where the field holds no size, a negative one, or one beyond 63 bits.</summary>
    public static long? Size(ReadOnlySpan<byte> header)
    {
        var field = header.Slice(124, 12);
        return (field[0] & 0x80) != 0 ? Base256(field) : Octal(field);
    }

    /// <summary>Bytes that are no UTF-8 become replacement characters, which no name may have.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Utf8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>The sum of all bytes, the checksum's own counted as blanks; old programs summed signed bytes.</summary>
    public static bool HasRightChecksum(ReadOnlySpan<byte> header)
    {
        if (Octal(header.Slice(ChecksumOffset, ChecksumLength)) is not { } expected)
        {
            return false;
        }

        long unsigned = 0;
        long signed = 0;
        for (var i = 0; i < header.Length; i++)
        {
            var value = i is >= ChecksumOffset and < ChecksumOffset + ChecksumLength ? (byte)' ' : header[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        return expected == unsigned || expected == signed;
    }

    private static long? Octal(ReadOnlySpan<byte> field)
    {
        var digits = field.Trim((ReadOnlySpan<byte>)[0, (byte)' ']);
        if (digits.IsEmpty)
        {
            return null;
        }

        long value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            // Twelve digits of three bits can't overflow.
            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    /// <summary>GNU's base 256: the first bit marks it, the rest is a big-endian two's complement number.</summary>
    private static long? Base256(ReadOnlySpan<byte> field) =>
        field[0] == 0x80 && field[1..4].IndexOfAnyExcept((byte)0) < 0 && BinaryPrimitives.ReadInt64BigEndian(field[4..]) is >= 0 and var value
            ? value
            : null;
}
