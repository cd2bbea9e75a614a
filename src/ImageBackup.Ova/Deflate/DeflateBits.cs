using System.Buffers.Binary;

namespace ImageBackup.Ova.Deflate;

/// <summary>Reads the bits of a stream, lowest first. Zeros follow the end.</summary>
internal ref struct DeflateBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private ulong buffer;
    private int count;
    private int next;

    public readonly long Position => (next * 8L) - count;

    public readonly bool IsBehindEnd => Position > bytes.Length * 8L;

    public readonly uint Peek => (uint)buffer;

    /// <summary>Loads at least 56 bits.</summary>
    public void Refill()
    {
        if (next + 8 <= bytes.Length)
        {
            buffer |= BinaryPrimitives.ReadUInt64LittleEndian(bytes[next..]) << count;
            next += 63 - count >> 3;
            count |= 56;
            return;
        }

        for (; count <= 56; count += 8, next++)
        {
            buffer |= next < bytes.Length ? (ulong)bytes[next] << count : 0;
        }
    }

    public void Drop(int bits)
    {
        buffer >>= bits;
        count -= bits;
    }

    public uint Take(int bits)
    {
        Refill();
        var value = (uint)buffer & ((1u << bits) - 1);
        Drop(bits);
        return value;
    }

    public void Align() => Drop(count & 7);

    public void SkipBytes(int length)
    {
        next = (int)(Position / 8) + length;
        buffer = 0;
        count = 0;
    }
}
