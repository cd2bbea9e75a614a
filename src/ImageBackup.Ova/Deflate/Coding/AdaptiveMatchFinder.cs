namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>
/// Searches fast, and more thoroughly behind a piece that repeats itself very often: there, the newest place seldom begins the longest match, and the few
/// matches leave time to compare more places.
/// </summary>
internal sealed unsafe class AdaptiveMatchFinder(bool vectors) : IMatchFinder
{
    private const int MostPlaces = 16;

    /// <summary>Bits of a match and of a literal, roughly.</summary>
    private const int MatchBits = 18;

    private const int LiteralBits = 6;

    private readonly FastMatchFinder fast = new(vectors);
    private readonly ThoroughMatchFinder thorough = new(vectors, MostPlaces);
    private bool isRepetitive;

    public void Reset()
    {
        fast.Reset();
        thorough.Reset();
        isRepetitive = false;
    }

    public (int Count, int End) Find(byte* raw, int start, int end, int length, Sequence* sequences)
    {
        var found = isRepetitive ? thorough.Find(raw, start, end, length, sequences) : fast.Find(raw, start, end, length, sequences);
        isRepetitive = IsRepetitive(new ReadOnlySpan<Sequence>(sequences, found.Count), found.End - start);
        return found;
    }

    public bool HasMatches(byte* raw, int start, int end, int length) => fast.HasMatches(raw, start, end, length);

    public bool IsWorthwhile(long bits, long bitsWithout) => fast.IsWorthwhile(bits, bitsWithout);

    public void Dispose()
    {
        fast.Dispose();
        thorough.Dispose();
    }

    /// <summary>Returns whether the piece shrinks to less than about an eighth.</summary>
    private static bool IsRepetitive(ReadOnlySpan<Sequence> sequences, int bytes)
    {
        var most = bytes;
        var bits = sequences.Length * MatchBits;
        for (var i = 0; i < sequences.Length && bits < most; i++)
        {
            bits += sequences[i].Literals * LiteralBits;
        }

        return bits < most;
    }
}
