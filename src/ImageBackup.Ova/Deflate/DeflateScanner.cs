namespace ImageBackup.Ova.Deflate;

/// <summary>Decodes the codes of a deflate stream (RFC 1951) without inflating it, to find the bit where its last block begins and the bit where it ends.</summary>
internal sealed class DeflateScanner
{
    private const int LongestCode = 15;
    private const int EndOfBlock = 256;
    private const uint LengthFlag = 1u << 31;
    private const uint EndFlag = 1u << 30;

    private readonly uint[] literals = new uint[1 << LongestCode];
    private readonly uint[] distances = new uint[1 << LongestCode];
    private readonly byte[] lengths = new byte[320];

    /// <summary>Scans a stream up to the end of its final block.</summary>
    /// <returns>The position of the bit that marks the last block as final, the position behind that block, and the number of raw bytes.</returns>
    /// <exception cref="InvalidDataException">The data is no complete deflate stream.</exception>
    public (long FinalBit, long EndBit, long RawLength) Scan(ReadOnlySpan<byte> deflated)
    {
        var bits = new DeflateBits(deflated);
        var raw = 0L;
        while (true)
        {
            var header = bits.Position;
            var final = bits.Take(1) == 1;
            raw += bits.Take(2) switch
            {
                0 => SkipStored(ref bits),
                1 => SkipCoded(ref bits, FixedCodes()),
                2 => SkipCoded(ref bits, DynamicCodes(ref bits)),
                _ => throw new InvalidDataException("a deflate block of type 3"),
            };
            if (bits.Position > deflated.Length * 8L)
            {
                throw new InvalidDataException("a deflate stream without an end");
            }

            if (final)
            {
                return (header, bits.Position, raw);
            }
        }
    }

    private static int SkipStored(ref DeflateBits bits)
    {
        bits.Align();
        var length = (int)bits.Take(16);
        bits.Take(16);
        bits.SkipBytes(length);
        return length;
    }

    private long SkipCoded(ref DeflateBits bits, (int LiteralBits, int DistanceBits) codes)
    {
        var raw = 0L;
        var literalMask = (1u << codes.LiteralBits) - 1;
        var distanceMask = (1u << codes.DistanceBits) - 1;
        while (!bits.IsBehindEnd)
        {
            bits.Refill();
            var literal = literals[bits.Peek & literalMask];
            if (literal == 0)
            {
                throw new InvalidDataException("a code that stands for nothing");
            }

            bits.Drop((int)(literal & 15));
            if ((literal & LengthFlag) == 0)
            {
                if ((literal & EndFlag) != 0)
                {
                    return raw;
                }

                raw++;
                continue;
            }

            var extra = (int)(literal >> 4 & 15);
            raw += (literal >> 8 & 0xffff) + (bits.Peek & ((1u << extra) - 1));
            bits.Drop(extra);
            bits.Drop((int)distances[bits.Peek & distanceMask]);
        }

        throw new InvalidDataException("a deflate block without an end");
    }

    private (int LiteralBits, int DistanceBits) FixedCodes()
    {
        lengths.AsSpan(0, 144).Fill(8);
        lengths.AsSpan(144, 112).Fill(9);
        lengths.AsSpan(256, 24).Fill(7);
        lengths.AsSpan(280, 8).Fill(8);
        var literalBits = Fill(literals, lengths.AsSpan(0, 288), LiteralEntry);
        lengths.AsSpan(0, 30).Fill(5);
        return (literalBits, Fill(distances, lengths.AsSpan(0, 30), DistanceEntry));
    }

    private (int LiteralBits, int DistanceBits) DynamicCodes(ref DeflateBits bits)
    {
        ReadOnlySpan<byte> order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        var literalCount = (int)bits.Take(5) + 257;
        var distanceCount = (int)bits.Take(5) + 1;
        var codeCount = (int)bits.Take(4) + 4;
        lengths.AsSpan(0, order.Length).Clear();
        for (var i = 0; i < codeCount; i++)
        {
            lengths[order[i]] = (byte)bits.Take(3);
        }

        var codeBits = Fill(literals, lengths.AsSpan(0, order.Length), (symbol, length) => (uint)(symbol << 4 | length));
        for (var i = 0; i < literalCount + distanceCount;)
        {
            bits.Refill();
            var entry = literals[bits.Peek & ((1u << codeBits) - 1)];
            bits.Drop((int)(entry & 15));
            var (value, count) = (entry >> 4) switch
            {
                16 when i > 0 => (lengths[i - 1], 3 + (int)bits.Take(2)),
                17 => ((byte)0, 3 + (int)bits.Take(3)),
                18 => ((byte)0, 11 + (int)bits.Take(7)),
                var length and < 16 => ((byte)length, 1),
                _ => throw new InvalidDataException("a code length that repeats nothing"),
            };
            if (count > literalCount + distanceCount - i)
            {
                throw new InvalidDataException("too many code lengths");
            }

            lengths.AsSpan(i, count).Fill(value);
            i += count;
        }

        return (Fill(literals, lengths.AsSpan(0, literalCount), LiteralEntry), Fill(distances, lengths.AsSpan(literalCount, distanceCount), DistanceEntry));
    }

    /// <summary>Packs the bits to drop, the number of extra bits, and the raw bytes that the symbol stands for.</summary>
    private static uint LiteralEntry(int symbol, int length)
    {
        if (symbol <= EndOfBlock)
        {
            return (uint)length | (symbol == EndOfBlock ? EndFlag : 0);
        }

        ReadOnlySpan<ushort> bases = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258, 0, 0];
        ReadOnlySpan<byte> extras = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0, 0, 0];
        return LengthFlag | (uint)length | (uint)extras[symbol - 257] << 4 | (uint)bases[symbol - 257] << 8;
    }

    /// <summary>Returns the bits to drop, including extra bits.</summary>
    private static uint DistanceEntry(int symbol, int length) => (uint)(length + Math.Max(0, symbol / 2 - 1));

    /// <summary>Fills a table that is indexed by the next bits of the stream. The first bit of a code is the lowest.</summary>
    private static int Fill(uint[] table, ReadOnlySpan<byte> lengths, Func<int, int, uint> entry)
    {
        Span<int> counts = stackalloc int[LongestCode + 2];
        foreach (var length in lengths)
        {
            counts[length]++;
        }

        counts[0] = 0;
        var longest = LongestCode;
        for (; longest > 1 && counts[longest] == 0; longest--)
        {
        }

        Span<int> next = stackalloc int[LongestCode + 2];
        for (var length = 1; length <= LongestCode; length++)
        {
            next[length + 1] = next[length] + counts[length] << 1;
        }

        // Entries without a code stay zero.
        Array.Clear(table, 0, 1 << longest);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            if (length != 0)
            {
                var value = entry(symbol, length);
                for (var i = Reverse(next[length]++, length); i < 1 << longest; i += 1 << length)
                {
                    table[i] = value;
                }
            }
        }

        return longest;
    }

    private static int Reverse(int code, int length)
    {
        var reversed = 0;
        for (; length > 0; length--, code >>= 1)
        {
            reversed = reversed << 1 | code & 1;
        }

        return reversed;
    }
}
