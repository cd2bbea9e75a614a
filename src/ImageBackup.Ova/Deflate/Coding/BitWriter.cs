using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>Writes bits, lowest first. The caller knows how many bytes come; up to 8 bytes behind them are overwritten.</summary>
internal unsafe ref struct BitWriter(byte* output)
{
    private ulong bits;
    private int count;
    private byte* next = output;

    /// <summary>The next whole byte. Bits that fill no byte yet are not counted.</summary>
    public readonly byte* Position => next;

    /// <summary>Bits of the unfinished byte after a flush.</summary>
    public readonly int Pending => count;

    /// <summary>Adds bits. At most 56 bits fit between two calls of <see cref="Flush"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong value, int length)
    {
        bits |= value << count;
        count += length;
    }

    /// <summary>Writes the whole bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        Unsafe.WriteUnaligned(next, BitConverter.IsLittleEndian ? bits : BinaryPrimitives.ReverseEndianness(bits));
        next += count >> 3;
        bits >>= count & ~7;
        count &= 7;
    }

    /// <summary>Writes the unfinished byte, filled with zeros.</summary>
    public void Align()
    {
        count = (count + 7) & ~7;
        Flush();
    }

    /// <summary>Writes whole bytes at a byte boundary.</summary>
    public void Copy(byte* source, int length)
    {
        Unsafe.CopyBlockUnaligned(next, source, (uint)length);
        next += length;
    }
}
