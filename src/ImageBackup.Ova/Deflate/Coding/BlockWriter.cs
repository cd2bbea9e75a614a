using System.Runtime.CompilerServices;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>Writes deflate blocks: with dynamic codes, or stored where that is shorter.</summary>
internal sealed unsafe class BlockWriter
{
    /// <summary>Four literals fit between two flushes of a <see cref="BitWriter"/>.</summary>
    private const int LongestLiteralCode = 14;

    private const int LongestDistanceCode = 15;
    private const int LengthShift = 24;
    private const int CodeMask = (1 << LengthShift) - 1;

    private readonly HuffmanCode literalCode = new(Alphabet.LiteralSymbols, LongestLiteralCode);
    private readonly HuffmanCode distanceCode = new(Alphabet.DistanceSymbols, LongestDistanceCode);
    private readonly CodeHeader header = new();

    /// <summary>Code and number of bits of each literal.</summary>
    private readonly uint[] literals = new uint[256];

    /// <summary>Code, extra bits and number of bits of each match length.</summary>
    private readonly uint[] lengths = new uint[Alphabet.LongestMatch + 1];

    /// <summary>Code and number of bits of each distance symbol.</summary>
    private readonly uint[] distances = new uint[Alphabet.DistanceSymbols];

    /// <summary>Writes a block that is not final.</summary>
    /// <param name="bits">Receives the block.</param>
    /// <param name="raw">The raw bytes.</param>
    /// <param name="rawLength">Number of raw bytes.</param>
    /// <param name="sequences">The same bytes as literals and matches.</param>
    /// <param name="counts">The symbols of the sequences.</param>
    /// <param name="room">Bytes left.</param>
    /// <returns>False if the block does not fit.</returns>
    public bool TryWrite(ref BitWriter bits, byte* raw, int rawLength, ReadOnlySpan<Sequence> sequences, SymbolCounts counts, long room)
    {
        literalCode.Build(counts.Literals);
        distanceCode.Build(counts.Distances);
        var headerBits = header.Build(literalCode.Lengths, distanceCode.Lengths);
        var coded = 3 + headerBits + literalCode.CostOf(counts.Literals) + distanceCode.CostOf(counts.Distances) + counts.ExtraBits;
        var isStored = StoredDeflate.LengthOf(rawLength) <= coded >> 3;
        if ((isStored ? StoredDeflate.LengthOf(rawLength) + 1L : (coded >> 3) + 1) > room)
        {
            return false;
        }

        if (isStored)
        {
            StoredDeflate.Write(ref bits, raw, rawLength);
            return true;
        }

        bits.Add(0b100, 3);
        header.Write(ref bits);
        FillTables();
        WriteSequences(ref bits, raw, sequences);
        return true;
    }

    private void FillTables()
    {
        for (var literal = 0; literal < literals.Length; literal++)
        {
            literals[literal] = literalCode.Codes[literal] | (uint)literalCode.Lengths[literal] << LengthShift;
        }

        for (var length = 3; length < lengths.Length; length++)
        {
            var symbol = Alphabet.LengthSymbols[length];
            var extra = (uint)(length - Alphabet.LengthBase(symbol));
            int codeBits = literalCode.Lengths[symbol];
            lengths[length] = literalCode.Codes[symbol] | extra << codeBits | (uint)(codeBits + Alphabet.LengthExtra(symbol)) << LengthShift;
        }

        for (var symbol = 0; symbol < distances.Length; symbol++)
        {
            distances[symbol] = distanceCode.Codes[symbol] | (uint)distanceCode.Lengths[symbol] << LengthShift;
        }
    }

    private void WriteSequences(ref BitWriter target, byte* raw, ReadOnlySpan<Sequence> sequences)
    {
        var bits = target;
        fixed (uint* literal = literals, length = lengths, distance = distances)
        {
            foreach (var sequence in sequences)
            {
                if (sequence.Length == 0)
                {
                    WriteLastLiterals(ref bits, raw, sequence.Literals, literal);
                    raw += sequence.Literals;
                    continue;
                }

                WriteLiterals(ref bits, raw, sequence.Literals, literal);
                raw += sequence.Literals + sequence.Length;
                Add(ref bits, length[sequence.Length]);
                var value = sequence.Distance - 1u;
                var extra = Alphabet.DistanceExtra(value);
                Add(ref bits, distance[(extra << 1) + (int)(value >> extra)]);
                bits.Add(value & ((1u << extra) - 1), extra);
                bits.Flush();
            }
        }

        bits.Add(literalCode.Codes[Alphabet.EndOfBlock], literalCode.Lengths[Alphabet.EndOfBlock]);
        bits.Flush();
        target = bits;
    }

    /// <summary>Writes the literals before a match. Most runs are short: the last four are written without a branch, a mask removing those that do not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteLiterals(ref BitWriter bits, byte* raw, int count, uint* codes)
    {
        for (; count > 4; count -= 4, raw += 4)
        {
            WriteFour(ref bits, raw, codes);
        }

        Add(ref bits, codes[raw[0]] & (uint)((0 - count) >> 31));
        Add(ref bits, codes[raw[1]] & (uint)((1 - count) >> 31));
        Add(ref bits, codes[raw[2]] & (uint)((2 - count) >> 31));
        Add(ref bits, codes[raw[3]] & (uint)((3 - count) >> 31));
        bits.Flush();
    }

    /// <summary>Writes literals and reads no byte behind them.</summary>
    private static void WriteLastLiterals(ref BitWriter target, byte* raw, int count, uint* codes)
    {
        var bits = target;
        for (; count >= 4; count -= 4, raw += 4)
        {
            WriteFour(ref bits, raw, codes);
        }

        for (; count > 0; count--, raw++)
        {
            Add(ref bits, codes[*raw]);
            bits.Flush();
        }

        target = bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteFour(ref BitWriter bits, byte* raw, uint* codes)
    {
        Add(ref bits, codes[raw[0]]);
        Add(ref bits, codes[raw[1]]);
        Add(ref bits, codes[raw[2]]);
        Add(ref bits, codes[raw[3]]);
        bits.Flush();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref BitWriter bits, uint entry) => bits.Add(entry & CodeMask, (int)(entry >> LengthShift));
}
