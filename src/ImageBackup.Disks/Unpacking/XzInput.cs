using System.Buffers.Binary;
using System.IO.Hashing;

namespace ImageBackup.Disks.Unpacking;

/// <summary>The bytes of an xz file. Its end is a failure, except between streams.</summary>
internal sealed class XzInput(Stream input) : ReadStream
{
    private const int MaxNumberBytes = 9;

    private int peeked = -1;

    /// <summary>Bytes read so far.</summary>
    private long position;

    /// <summary>A checksum of what is read, while it is set.</summary>
    public Crc32? Watch { get; set; }

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    /// <summary>Verifies a CRC-32.</summary>
    public static void Verify(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> sum, string what)
    {
        if (Crc32.HashToUInt32(bytes) != BinaryPrimitives.ReadUInt32LittleEndian(sum))
        {
            throw new InvalidDataException($"the checksum of a {what} is wrong");
        }
    }

    /// <summary>Reads a number (§1.2 Multibyte Integers) from a header.</summary>
    public static long ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        var number = 0L;
        for (var i = 0; i < MaxNumberBytes && at < bytes.Length; i++)
        {
            var value = bytes[at++];
            number |= (value & 0x7fL) << (7 * i);
            if (value < 0x80)
            {
                return number;
            }
        }

        throw new InvalidDataException("a number is too long");
    }

    /// <summary>Reads a number (§1.2 Multibyte Integers).</summary>
    public long NextNumber()
    {
        var number = 0L;
        for (var i = 0; i < MaxNumberBytes; i++)
        {
            var value = Next();
            number |= (value & 0x7fL) << (7 * i);
            if (value < 0x80)
            {
                return number;
            }
        }

        throw new InvalidDataException("a number is too long");
    }

    public byte Next() => (byte)ReadByte();

    public byte[] NextBytes(int count)
    {
        var bytes = new byte[count];
        ReadExactly(bytes);
        return bytes;
    }

    public void SkipZeros(int count)
    {
        for (; count > 0; count--)
        {
            if (Next() != 0)
            {
                throw new InvalidDataException("its padding is not zero");
            }
        }
    }

    /// <summary>Skips zeros between streams, in groups of four.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool SkipPadding(bool isFirst)
    {
        for (var zeros = 0; ; zeros++)
        {
            var value = peeked >= 0 ? peeked : input.ReadByte();
            if (value == 0 && !isFirst)
            {
                peeked = -1;
                continue;
            }

            peeked = value;
            return zeros % 4 == 0 ? value >= 0 : throw new InvalidDataException("its padding is no multiple of 4 bytes");
        }
    }

    public override int Read(Span<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        var count = 1;
        if (peeked >= 0)
        {
            bytes[0] = (byte)peeked;
            peeked = -1;
        }
        else
        {
            count = input.Read(bytes);
        }

        position += count;
        Watch?.Append(bytes[..count]);
        return count > 0 ? count : throw new InvalidDataException("it is cut off");
    }

    public override int ReadByte()
    {
        if (peeked >= 0 || Watch is not null)
        {
            Span<byte> one = stackalloc byte[1];
            ReadExactly(one);
            return one[0];
        }

        position++;
        var value = input.ReadByte();
        return value >= 0 ? value : throw new InvalidDataException("it is cut off");
    }

    protected override void Dispose(bool disposing)
    {
        input.Dispose();
        base.Dispose(disposing);
    }
}
