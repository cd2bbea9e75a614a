namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>Finds repeated bytes in a block.</summary>
internal unsafe interface IMatchFinder : IDisposable
{
    /// <summary>Forgets the previous block.</summary>
    void Reset();

    /// <summary>Divides a piece of the block into literals and matches. Pieces are given in order.</summary>
    /// <param name="raw">The block, at most 2^24 bytes.</param>
    /// <param name="start">Where the piece begins: the end of the previous one.</param>
    /// <param name="end">Where the piece ends. A match may go beyond it.</param>
    /// <param name="length">Bytes of the block.</param>
    /// <param name="sequences">Receives the sequences: at most one per three bytes of the piece and of the 128 bytes behind it.</param>
    /// <returns>Number of sequences, and the end of the last one.</returns>
    (int Count, int End) Find(byte* raw, int start, int end, int length, Sequence* sequences);

    /// <summary>Samples a piece that is not searched, and returns whether a search is likely to find many matches. Parameters are those of <see cref="Find"/>.</summary>
    bool HasMatches(byte* raw, int start, int end, int length);

    /// <summary>Returns whether matches save enough bits to be worth the search.</summary>
    /// <param name="bits">Bits with matches.</param>
    /// <param name="bitsWithout">Bits without.</param>
    bool IsWorthwhile(long bits, long bitsWithout);
}
