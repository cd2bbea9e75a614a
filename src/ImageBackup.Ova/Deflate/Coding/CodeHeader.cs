namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>The header of a block with dynamic codes: the lengths of both codes, run-length coded (RFC 1951 §3.2.7).</summary>
internal sealed class CodeHeader
{
    private const int CopyPrevious = 16;
    private const int ZerosShort = 17;
    private const int ZerosLong = 18;
    private const int CodeSymbols = 19;

    private readonly byte[] lengths = new byte[Alphabet.LiteralSymbols + Alphabet.DistanceSymbols];
    private readonly (byte Symbol, byte Extra)[] runs = new (byte, byte)[Alphabet.LiteralSymbols + Alphabet.DistanceSymbols];
    private readonly int[] frequencies = new int[CodeSymbols];
    private readonly HuffmanCode code = new(CodeSymbols, 7);
    private int literals;
    private int distances;
    private int orderLength;
    private int runCount;

    private static ReadOnlySpan<byte> Order => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Describes two codes.</summary>
    /// <returns>Bits of the header.</returns>
    public int Build(ReadOnlySpan<byte> literalLengths, ReadOnlySpan<byte> distanceLengths)
    {
        literals = literalLengths.LastIndexOfAnyExcept((byte)0) + 1;
        distances = distanceLengths.LastIndexOfAnyExcept((byte)0) + 1;
        literalLengths[..literals].CopyTo(lengths);
        distanceLengths[..distances].CopyTo(lengths.AsSpan(literals));
        FindRuns(lengths.AsSpan(0, literals + distances));
        code.Build(frequencies);
        for (orderLength = CodeSymbols; code.Lengths[Order[orderLength - 1]] == 0; orderLength--)
        {
        }

        orderLength = Math.Max(orderLength, 4);
        var extra = (2 * frequencies[CopyPrevious]) + (3 * frequencies[ZerosShort]) + (7 * frequencies[ZerosLong]);
        return 5 + 5 + 4 + (3 * orderLength) + (int)code.CostOf(frequencies) + extra;
    }

    public void Write(ref BitWriter bits)
    {
        bits.Add((uint)(literals - Alphabet.FirstLength), 5);
        bits.Add((uint)(distances - 1), 5);
        bits.Add((uint)(orderLength - 4), 4);
        bits.Flush();
        for (var i = 0; i < orderLength; i++)
        {
            bits.Add(code.Lengths[Order[i]], 3);
            bits.Flush();
        }

        foreach (var (symbol, extra) in runs.AsSpan(0, runCount))
        {
            bits.Add(code.Codes[symbol], code.Lengths[symbol]);
            bits.Add(extra, ExtraBits(symbol));
            bits.Flush();
        }
    }

    private static int ExtraBits(int symbol) => symbol switch
    {
        CopyPrevious => 2,
        ZerosShort => 3,
        ZerosLong => 7,
        _ => 0,
    };

    private void FindRuns(ReadOnlySpan<byte> all)
    {
        Array.Clear(frequencies);
        runCount = 0;
        for (var i = 0; i < all.Length;)
        {
            var value = all[i];
            var end = all[i..].IndexOfAnyExcept(value);
            var run = end < 0 ? all.Length - i : end;
            i += run;
            if (value != 0)
            {
                Add(value, 0);
                run--;
            }

            run = value == 0 ? AddZeros(run) : AddCopies(run);
            for (; run > 0; run--)
            {
                Add(value, 0);
            }
        }
    }

    private int AddZeros(int run)
    {
        while (run >= 11)
        {
            var count = Math.Min(run, 138);
            Add(ZerosLong, count - 11);
            run -= count;
        }

        if (run >= 3)
        {
            Add(ZerosShort, run - 3);
            run = 0;
        }

        return run;
    }

    private int AddCopies(int run)
    {
        while (run >= 3)
        {
            var count = Math.Min(run, 6);
            Add(CopyPrevious, count - 3);
            run -= count;
        }

        return run;
    }

    private void Add(int symbol, int extra)
    {
        runs[runCount++] = ((byte)symbol, (byte)extra);
        frequencies[symbol]++;
    }
}
