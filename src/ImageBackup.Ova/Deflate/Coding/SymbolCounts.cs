using System.Numerics;
using System.Runtime.CompilerServices;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>How often each symbol occurs in a piece of data, and an estimate of the bits that a block of its own would need.</summary>
internal sealed unsafe class SymbolCounts
{
    /// <summary>Bits of the header of a block with dynamic codes, for each symbol that occurs, and for the rest.</summary>
    private const int HeaderBitsPerSymbol = 3;

    private const int HeaderBits = 80;
    private const int FractionBits = 8;
    private const int Lanes = 4;
    private static readonly ushort[] Logarithms = MakeLogarithms();

    private readonly int[] lanes = new int[Lanes * 256];

    public int[] Literals { get; } = new int[Alphabet.LiteralSymbols];

    public int[] Distances { get; } = new int[Alphabet.DistanceSymbols];

    /// <summary>Extra bits of all lengths and distances.</summary>
    public long ExtraBits { get; private set; }

    /// <summary>Number of literals.</summary>
    public int LiteralCount { get; private set; }

    /// <summary>Counts sequences, and the end of the block.</summary>
    public void Count(byte* raw, ReadOnlySpan<Sequence> sequences)
    {
        Array.Clear(Literals);
        Array.Clear(Distances);
        Array.Clear(lanes);
        fixed (int* counters = lanes)
        fixed (int* literals = Literals, distances = Distances)
        fixed (ushort* lengthSymbols = Alphabet.LengthSymbols)
        {
            foreach (var sequence in sequences)
            {
                if (sequence.Length == 0)
                {
                    CountLastLiterals(raw, sequence.Literals, counters);
                    raw += sequence.Literals;
                    continue;
                }

                CountLiterals(raw, sequence.Literals, counters);
                raw += sequence.Literals + sequence.Length;
                literals[lengthSymbols[sequence.Length]]++;
                distances[Alphabet.DistanceSymbol(sequence.Distance)]++;
            }

            Finish(literals, distances, counters);
        }
    }

    public void Add(SymbolCounts other)
    {
        for (var symbol = 0; symbol < Literals.Length; symbol++)
        {
            Literals[symbol] += other.Literals[symbol];
        }

        for (var symbol = 0; symbol < Distances.Length; symbol++)
        {
            Distances[symbol] += other.Distances[symbol];
        }

        Literals[Alphabet.EndOfBlock] = 1;
        ExtraBits += other.ExtraBits;
    }

    public void CopyTo(SymbolCounts other)
    {
        Literals.CopyTo(other.Literals, 0);
        Distances.CopyTo(other.Distances, 0);
        other.ExtraBits = ExtraBits;
    }

    /// <summary>Estimates the bits of a block of these symbols and of the other ones, if any.</summary>
    public long EstimateBits(SymbolCounts? other = null) =>
        HeaderBits + ExtraBits + (other?.ExtraBits ?? 0) + Estimate(Literals, other?.Literals) + Estimate(Distances, other?.Distances);

    private static long Estimate(int[] counts, int[]? others)
    {
        var bits = 0L;
        var total = 0;
        var used = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            var count = counts[symbol] + (others is null ? 0 : others[symbol]);
            if (count > 0)
            {
                total += count;
                used++;
                bits -= (long)count * Logarithm(count);
            }
        }

        return total == 0 ? 0 : ((bits + ((long)total * Logarithm(total))) >> FractionBits) + (used * HeaderBitsPerSymbol);
    }

    /// <summary>Returns the binary logarithm as a fixed-point number.</summary>
    private static int Logarithm(int value)
    {
        var exponent = BitOperations.Log2((uint)value);
        var mantissa = exponent >= FractionBits ? value >> (exponent - FractionBits) : value << (FractionBits - exponent);
        return (exponent << FractionBits) + Logarithms[mantissa - (1 << FractionBits)];
    }

    private static ushort[] MakeLogarithms() =>
        [.. Enumerable.Range(1 << FractionBits, 1 << FractionBits).Select(value => (ushort)Math.Round((Math.Log2(value) - FractionBits) * (1 << FractionBits)))];

    /// <summary>Counts the literals before a match. Most runs are short: the last four are counted without a branch, a sign bit being 1 for each that exists.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CountLiterals(byte* raw, int length, int* counters)
    {
        for (; length > Lanes; length -= Lanes, raw += Lanes)
        {
            CountFour(raw, counters);
        }

        counters[raw[0]] += (0 - length) >>> 31;
        counters[256 + raw[1]] += (1 - length) >>> 31;
        counters[512 + raw[2]] += (2 - length) >>> 31;
        counters[768 + raw[3]] += (3 - length) >>> 31;
    }

    /// <summary>Counts literals and reads no byte behind them.</summary>
    private static void CountLastLiterals(byte* raw, int length, int* counters)
    {
        for (; length >= Lanes; length -= Lanes, raw += Lanes)
        {
            CountFour(raw, counters);
        }

        for (; length > 0; length--, raw++)
        {
            counters[*raw]++;
        }
    }

    /// <summary>Counts in several lanes, because a counter that was just stored is slow to load.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CountFour(byte* raw, int* counters)
    {
        counters[raw[0]]++;
        counters[256 + raw[1]]++;
        counters[512 + raw[2]]++;
        counters[768 + raw[3]]++;
    }

    private void Finish(int* literals, int* distances, int* counters)
    {
        LiteralCount = 0;
        ExtraBits = 0;
        for (var symbol = 0; symbol < 256; symbol++)
        {
            literals[symbol] = counters[symbol] + counters[256 + symbol] + counters[512 + symbol] + counters[768 + symbol];
            LiteralCount += literals[symbol];
        }

        literals[Alphabet.EndOfBlock] = 1;
        for (var symbol = Alphabet.FirstLength; symbol < Alphabet.LiteralSymbols; symbol++)
        {
            ExtraBits += (long)literals[symbol] * Alphabet.LengthExtra(symbol);
        }

        for (var symbol = 0; symbol < Alphabet.DistanceSymbols; symbol++)
        {
            ExtraBits += (long)distances[symbol] * Alphabet.SymbolDistanceExtra(symbol);
        }
    }
}
