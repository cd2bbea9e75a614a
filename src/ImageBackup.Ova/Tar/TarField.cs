using System.Buffers.Binary;
using System.Text;

namespace ImageBackup.Ova.Tar;

/// <summary>Reads the fields of a 512-byte tar header, as POSIX (ustar) and GNU define them.</summary>
internal static class TarField
{
    /// <summary>Bytes of a size or offset.</summary>
    public const int NumberLength = 12;

    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    public static byte Type(ReadOnlySpan<byte> header) => header[156];

    /// <summary>Names a type that is not read.</summary>
    public static string Describe(char type) => type switch
    {
        '1' => "a hard link",
        '2' => "a symbolic link",
        '3' or '4' => "a device",
        '6' => "a fifo",
        'M' => "a part of a member that began in another archive",
        _ => $"an entry of the unknown type {MemberName.Quote(type.ToString())}",
    };

    /// <summary>Returns the name with ustar's prefix. GNU headers have other fields in that place.</summary>
    public static string Name(ReadOnlySpan<byte> header)
    {
        var name = Text(header[..100]);
        var isUstar = header.Slice(257, 6).SequenceEqual("ustar\0"u8);
        var prefix = isUstar ? Text(header.Slice(345, 155)) : "";
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }

    /// <summary>Returns the size, or null if the field has no size, a negative size, or a size of more than 63 bits.</summary>
    public static long? Size(ReadOnlySpan<byte> header) => Number(header.Slice(124, NumberLength));

    /// <summary>Returns the size of a GNU sparse file with its holes, or null.</summary>
    public static long? SparseFileSize(ReadOnlySpan<byte> header) => Number(header.Slice(483, NumberLength));

    /// <summary>Returns a number of 12 bytes in octal or base 256, or null if it is none from 0 to 2^63-1.</summary>
    public static long? Number(ReadOnlySpan<byte> field) => (field[0] & 0x80) != 0 ? Base256(field) : Octal(field);

    /// <summary>Returns text up to the first NUL. Bytes that are not UTF-8 become replacement characters, which names may not contain.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Utf8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>Checks the sum of all bytes, with blanks in place of the checksum. Old programs summed signed bytes.</summary>
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

            // Twelve digits of three bits cannot overflow.
            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    /// <summary>GNU's base 256: the first bit is a marker, the rest is a big-endian two's complement number.</summary>
    private static long? Base256(ReadOnlySpan<byte> field) =>
        field[0] == 0x80 && field[1..4].IndexOfAnyExcept((byte)0) < 0 && BinaryPrimitives.ReadInt64BigEndian(field[4..]) is >= 0 and var value
            ? value
            : null;
}
