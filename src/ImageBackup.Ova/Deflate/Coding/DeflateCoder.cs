using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>
/// Deflates bytes (RFC 1951) piece by piece. Neighboring pieces whose symbols are distributed alike share one deflate block, and so one pair of codes. Each
/// block has literals and matches, literals alone, or stored bytes, whichever is shortest. The same bytes always give the same output.
/// </summary>
internal sealed unsafe class DeflateCoder(IMatchFinder finder) : IDisposable
{
    /// <summary>Bytes behind the output that are overwritten.</summary>
    public const int Spare = 16;

    private const int PieceLength = 32 << 10;

    /// <summary>Sequences of a piece, at most: each has a match of at least three bytes, and a match may begin in the piece and end behind it.</summary>
    private const int PieceSequences = PieceLength / 3 + 128;

    private const int MostSequences = 64 << 10;

    private readonly NativeBuffer memory = new(MostSequences * sizeof(Sequence));
    private readonly BlockWriter writer = new();
    private readonly SymbolCounts pending = new();
    private readonly SymbolCounts piece = new();
    private readonly SymbolCounts withoutMatches = new();

    /// <summary>Where the block that is not written yet begins and ends, its number of sequences and the estimate of its bits.</summary>
    private int blockStart;

    private int blockEnd;
    private int count;
    private long pendingBits;

    /// <summary>Whether matches saved next to nothing in the piece before.</summary>
    private bool isPoor;

    private Sequence* Sequences => (Sequence*)memory.Pointer;

    /// <summary>Writes deflate blocks that end at a byte boundary, refer to nothing before them and are not final.</summary>
    /// <param name="raw">The bytes, fewer than 2^22.</param>
    /// <param name="stored">Receives the blocks. <see cref="Spare"/> bytes are not used for them.</param>
    /// <returns>Bytes written, or 0 if they do not fit.</returns>
    public int Encode(ReadOnlySpan<byte> raw, Span<byte> stored)
    {
        finder.Reset();
        blockStart = 0;
        blockEnd = 0;
        count = 0;
        isPoor = false;
        fixed (byte* input = raw, output = stored)
        {
            var bits = new BitWriter(output);
            var limit = output + stored.Length - Spare;
            while (blockEnd < raw.Length)
            {
                var (added, end) = FindPiece(input, raw.Length);
                if (!TryAdd(ref bits, input, added, end, limit))
                {
                    return 0;
                }
            }

            return TryWriteBlock(ref bits, input, limit) && TryAlign(ref bits, limit) ? (int)(bits.Position - output) : 0;
        }
    }

    public void Dispose()
    {
        memory.Dispose();
        finder.Dispose();
    }

    /// <summary>Divides the next piece into sequences behind those of the pending block, and counts their symbols.</summary>
    private (int Added, int End) FindPiece(byte* input, int length)
    {
        var end = Math.Min(blockEnd + PieceLength, length);
        var sequences = Sequences + count;
        if (isPoor && !finder.HasMatches(input, blockEnd, end, length))
        {
            *sequences = new Sequence(end - blockEnd, 0, 0);
            piece.Count(input + blockEnd, new ReadOnlySpan<Sequence>(sequences, 1));
            return (1, end);
        }

        (var added, end) = finder.Find(input, blockEnd, end, length, sequences);
        piece.Count(input + blockEnd, new ReadOnlySpan<Sequence>(sequences, added));
        isPoor = piece.LiteralCount * 2 > end - blockEnd && IsBetterWithoutMatches(input, end);
        if (isPoor)
        {
            *sequences = new Sequence(end - blockEnd, 0, 0);
            withoutMatches.CopyTo(piece);
            added = 1;
        }

        return (added, end);
    }

    private bool IsBetterWithoutMatches(byte* input, int end)
    {
        var literals = new Sequence(end - blockEnd, 0, 0);
        withoutMatches.Count(input + blockEnd, new ReadOnlySpan<Sequence>(in literals));
        return !finder.IsWorthwhile(piece.EstimateBits(), withoutMatches.EstimateBits());
    }

    /// <summary>Adds the piece to the pending block, or writes that block first if the two are shorter apart.</summary>
    private bool TryAdd(ref BitWriter bits, byte* input, int added, int end, byte* limit)
    {
        var pieceBits = piece.EstimateBits();
        var together = count == 0 ? pieceBits : pending.EstimateBits(piece);
        if (count > 0 && (together > pendingBits + pieceBits || count + added > MostSequences - PieceSequences))
        {
            var from = count;
            if (!TryWriteBlock(ref bits, input, limit))
            {
                return false;
            }

            new ReadOnlySpan<Sequence>(Sequences + from, added).CopyTo(new Span<Sequence>(Sequences, added));
            together = pieceBits;
        }

        if (count == 0)
        {
            piece.CopyTo(pending);
        }
        else
        {
            pending.Add(piece);
        }

        pendingBits = together;
        count += added;
        blockEnd = end;
        return true;
    }

    private bool TryWriteBlock(ref BitWriter bits, byte* input, byte* limit)
    {
        var sequences = new ReadOnlySpan<Sequence>(Sequences, count);
        if (count > 0 && !writer.TryWrite(ref bits, input + blockStart, blockEnd - blockStart, sequences, pending, limit - bits.Position))
        {
            return false;
        }

        blockStart = blockEnd;
        count = 0;
        return true;
    }

    /// <summary>Ends at a byte boundary, by an empty stored block if necessary.</summary>
    private static bool TryAlign(ref BitWriter bits, byte* limit)
    {
        if (bits.Pending == 0)
        {
            return true;
        }

        if (limit - bits.Position < StoredDeflate.EmptyLength)
        {
            return false;
        }

        StoredDeflate.WriteEmpty(ref bits);
        return true;
    }
}
