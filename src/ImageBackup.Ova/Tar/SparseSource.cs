using ImageBackup.Disks;

namespace ImageBackup.Ova.Tar;

/// <summary>The bytes of a sparse file in an archive, with its holes.</summary>
/// <param name="data">The stored bytes, one piece behind another.</param>
/// <param name="map">Where they belong.</param>
/// <param name="length">Bytes of the file.</param>
internal sealed class SparseSource(DiskSource data, SparseMap map, long length) : DiskSource
{
    private readonly IReadOnlyList<SparsePiece> pieces = map.Pieces;

    public override long Length => length;

    public override void Read(Span<byte> buffer, long offset)
    {
        for (var index = Find(offset); !buffer.IsEmpty; index++)
        {
            var piece = index < pieces.Count ? pieces[index] : new SparsePiece(length, 0, 0);
            var hole = (int)Math.Clamp(piece.Offset - offset, 0, buffer.Length);
            buffer[..hole].Clear();
            buffer = buffer[hole..];
            offset += hole;
            var count = (int)Math.Clamp(piece.Offset + piece.Length - offset, 0, buffer.Length);
            data.Read(buffer[..count], piece.Stored + offset - piece.Offset);
            buffer = buffer[count..];
            offset += count;
        }
    }

    public override long NextData(long offset)
    {
        var index = Find(offset);
        return index < pieces.Count ? Math.Max(offset, pieces[index].Offset) : length;
    }

    /// <summary>Returns the first offset, at or after the given one, that is in a hole; the length when none follows.</summary>
    public long NextHole(long offset)
    {
        for (var index = Find(offset); index < pieces.Count && pieces[index].Offset <= offset; index++)
        {
            offset = pieces[index].Offset + pieces[index].Length;
        }

        return Math.Min(offset, length);
    }

    protected override void Dispose(bool disposing)
    {
        data.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Returns the first piece that ends behind an offset.</summary>
    private int Find(long offset)
    {
        var (low, high) = (0, pieces.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (pieces[middle].Offset + pieces[middle].Length > offset)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
