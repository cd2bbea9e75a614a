namespace ImageBackup.Ova.Tar;

/// <summary>Reads the map of a member of type S (GNU tar manual, "Old GNU Format"): four pieces in the header, the others in blocks behind it.</summary>
internal static class GnuSparseMap
{
    private const int PieceLength = 2 * TarField.NumberLength;
    private const int HeaderPieces = 386;
    private const int HeaderIsExtended = 482;
    private const int BlockPieces = 21;
    private const int BlockIsExtended = BlockPieces * PieceLength;

    /// <summary>Returns the map and the number of blocks between the header and the data.</summary>
    /// <param name="header">The member's header.</param>
    /// <param name="readBlock">Reads the block of a number behind the header.</param>
    /// <param name="where">The header, for messages.</param>
    /// <exception cref="InvalidOvaException">The map is damaged.</exception>
    public static (SparseMap Map, int Blocks) Read(ReadOnlySpan<byte> header, Func<int, byte[]> readBlock, string where)
    {
        var map = new SparseMap(where);
        AddPieces(map, header.Slice(HeaderPieces, 4 * PieceLength), where);
        var blocks = 0;
        for (var more = header[HeaderIsExtended] != 0; more;)
        {
            var block = readBlock(blocks++);
            AddPieces(map, block.AsSpan(0, BlockIsExtended), where);
            more = block[BlockIsExtended] != 0;
            if (blocks > SparseMap.MaxPieces / BlockPieces)
            {
                throw InvalidOvaException.Unsupported($"{where}: the map of the sparse file has more than {SparseMap.MaxPieces} pieces. Pack the file without --sparse.");
            }
        }

        return (map, blocks);
    }

    private static void AddPieces(SparseMap map, ReadOnlySpan<byte> pieces, string where)
    {
        const int half = TarField.NumberLength;
        for (; pieces.Length >= PieceLength && pieces[half] != 0; pieces = pieces[PieceLength..])
        {
            if (TarField.Number(pieces[..half]) is not { } offset || TarField.Number(pieces.Slice(half, half)) is not { } length)
            {
                throw new InvalidOvaException($"{where}: the map of the sparse file has something that is no number.");
            }

            map.Add(offset, length);
        }
    }
}
