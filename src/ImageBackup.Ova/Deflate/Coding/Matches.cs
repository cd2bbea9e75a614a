using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>Compares bytes.</summary>
internal static unsafe class Matches
{
    /// <summary>Readable bytes that <see cref="LengthAt"/> needs at both places.</summary>
    public const int Readable = 32;

    /// <summary>Returns how many bytes are the same at two places, at most <paramref name="most"/>.</summary>
    /// <param name="one">A place with at least <see cref="Readable"/> bytes.</param>
    /// <param name="other">An earlier place.</param>
    /// <param name="most">The limit, at least <see cref="Readable"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthAt(byte* one, byte* other, int most)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            return LongLength(one, other, 0, most);
        }

        var differences = ~Vector256.Equals(Vector256.Load(one), Vector256.Load(other)).ExtractMostSignificantBits();
        return differences != 0 ? BitOperations.TrailingZeroCount(differences) : LongLength(one, other, Readable, most);
    }

    /// <summary>Returns the same for places whose first bytes are known to be the same.</summary>
    public static int LongLength(byte* one, byte* other, int known, int most)
    {
        for (; known + sizeof(ulong) <= most; known += sizeof(ulong))
        {
            var differences = Unsafe.ReadUnaligned<ulong>(one + known) ^ Unsafe.ReadUnaligned<ulong>(other + known);
            if (differences != 0)
            {
                differences = BitConverter.IsLittleEndian ? differences : BinaryPrimitives.ReverseEndianness(differences);
                return known + (BitOperations.TrailingZeroCount(differences) >> 3);
            }
        }

        while (known < most && one[known] == other[known])
        {
            known++;
        }

        return known;
    }
}
