namespace ImageBackup.Ova.Tar;

/// <summary>A piece of data of a sparse file.</summary>
/// <param name="Offset">Where the piece belongs in the file.</param>
/// <param name="Length">Bytes of the piece.</param>
/// <param name="Stored">Where the piece is, counted from the first stored byte.</param>
internal readonly record struct SparsePiece(long Offset, long Length, long Stored);

/// <summary>Where the data of a sparse file belongs. It is checked while it is built, because it may come from an attacker.</summary>
/// <param name="where">The header, for messages.</param>
internal sealed class SparseMap(string where)
{
    /// <summary>Most pieces of a file: 24 MiB of memory.</summary>
    public const int MaxPieces = 1 << 20;

    private readonly List<SparsePiece> pieces = [];
    private long end;
    private long stored;

    /// <summary>The pieces in the order of the file. None is empty.</summary>
    public IReadOnlyList<SparsePiece> Pieces => pieces;

    /// <summary>Adds the next piece. A map may end with an empty one.</summary>
    /// <exception cref="InvalidOvaException">The piece overlaps the one before it, or there are too many.</exception>
    public void Add(long offset, long length)
    {
        if (offset < end || length < 0 || length > long.MaxValue - offset)
        {
            throw new InvalidOvaException($"{where}: the map of the sparse file has a piece of {length} bytes at {offset}; the piece before it ends at {end}.");
        }

        if (pieces.Count == MaxPieces)
        {
            throw InvalidOvaException.Unsupported($"{where}: the map of the sparse file has more than {MaxPieces} pieces. Pack the file without --sparse.");
        }

        if (length > 0)
        {
            pieces.Add(new SparsePiece(offset, length, stored));
        }

        stored += length;
        end = offset + length;
    }

    /// <summary>Checks the map against the sizes in the header.</summary>
    /// <exception cref="InvalidOvaException">The pieces do not fit.</exception>
    public void Finish(long fileSize, long storedSize)
    {
        if (end > fileSize || stored != storedSize)
        {
            throw new InvalidOvaException(
                $"{where}: the map of the sparse file covers {stored} stored bytes and ends at byte {end}; the member has {storedSize} stored bytes and the file {fileSize}.");
        }
    }
}
