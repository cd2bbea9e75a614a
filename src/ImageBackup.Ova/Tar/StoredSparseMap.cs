namespace ImageBackup.Ova.Tar;

/// <summary>Reads the map of format 1.0, which is in front of the data: decimal numbers, one a line, filled up to a whole block.</summary>
/// <param name="where">The header, for messages.</param>
/// <param name="size">Bytes behind the header.</param>
/// <param name="read">Reads bytes behind the header.</param>
internal sealed class StoredSparseMap(string where, long size, Func<long, int, byte[]> read)
{
    private const int MaxDigits = 19;

    private byte[] block = [];
    private int position;

    /// <summary>Bytes of the map that were read: whole blocks.</summary>
    public long Size { get; private set; }

    /// <summary>Reads the map.</summary>
    /// <exception cref="InvalidOvaException">The map is damaged.</exception>
    public SparseMap Read()
    {
        var map = new SparseMap(where);
        for (var left = Number(); left > 0; left--)
        {
            map.Add(Number(), Number());
        }

        return map;
    }

    private long Number()
    {
        var number = 0L;
        for (var digits = 0; ; digits++)
        {
            var next = Next();
            if (next == '\n' && digits > 0)
            {
                return number;
            }

            if (next is < (byte)'0' or > (byte)'9' || digits == MaxDigits || number > (long.MaxValue - 9) / 10)
            {
                throw new InvalidOvaException($"{where}: the map of the sparse file has a line that is no number of at most {MaxDigits} digits.");
            }

            number = (number * 10) + next - '0';
        }
    }

    private byte Next()
    {
        if (position == block.Length)
        {
            if (size - Size < TarHeaders.Block)
            {
                throw new InvalidOvaException($"{where}: the map of the sparse file ends within a line.");
            }

            block = read(Size, TarHeaders.Block);
            Size += block.Length;
            position = 0;
        }

        return block[position++];
    }
}
