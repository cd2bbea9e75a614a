namespace ImageBackup.Ova.Tar;

/// <summary>A sparse file in GNU tar's pax formats 0.0, 0.1 and 1.0 (GNU tar manual, "Storing Sparse Files").</summary>
/// <param name="where">The header, for messages.</param>
internal sealed class PaxSparse(string where)
{
    private readonly SparseMap map = new(where);
    private long? offset;
    private string? major;
    private string? minor;
    private bool hasMap;

    /// <summary>The file's name. Formats 0.1 and 1.0 give the header another one, for readers that do not know them.</summary>
    public string? Name { get; private set; }

    /// <summary>Bytes of the file.</summary>
    public long? FileSize { get; private set; }

    /// <summary>Takes one record of the extended header.</summary>
    /// <exception cref="InvalidOvaException">The record is malformed.</exception>
    public void Take(string key, string value)
    {
        switch (key)
        {
            case "major":
                major = value;
                break;
            case "minor":
                minor = value;
                break;
            case "name":
                Name = value;
                break;
            case "size" or "realsize":
                FileSize = Number(key, value);
                break;
            case "offset":
                offset = Number(key, value);
                break;
            case "numbytes":
                Add(offset ?? throw new InvalidOvaException($"{where}: the map of the sparse file has a length before an offset."), Number(key, value));
                offset = null;
                break;
            case "map":
                TakeMap(value);
                break;
        }
    }

    /// <summary>Returns the map, and the bytes of it in front of the data.</summary>
    /// <param name="size">Bytes in the archive behind the header.</param>
    /// <param name="read">Reads bytes behind the header.</param>
    /// <exception cref="InvalidOvaException">The map is damaged, or the format is not known.</exception>
    public (SparseMap Map, long FileSize, long MapSize) Read(long size, Func<long, int, byte[]> read)
    {
        var fileSize = FileSize ?? throw new InvalidOvaException($"{where}: the extended header of a sparse file does not tell its size.");
        switch (major, minor)
        {
            case ("1", "0"):
                var stored = new StoredSparseMap(where, size, read);
                var read10 = stored.Read();
                read10.Finish(fileSize, size - stored.Size);
                return (read10, fileSize, stored.Size);
            case (null or "0", null or "0" or "1") when hasMap || fileSize == 0:
                map.Finish(fileSize, size);
                return (map, fileSize, 0);
            default:
                throw InvalidOvaException.Unsupported($"{where}: the sparse format {MemberName.Quote($"{major}.{minor}")} is not supported. GNU tar's 0.0, 0.1 and 1.0 are.");
        }
    }

    private void TakeMap(string value)
    {
        hasMap = true;
        var numbers = value.Length == 0 ? [] : value.Split(',');
        if (numbers.Length % 2 != 0)
        {
            throw new InvalidOvaException($"{where}: the map of the sparse file has {numbers.Length} numbers, not pairs of offset and length.");
        }

        for (var i = 0; i < numbers.Length; i += 2)
        {
            Add(Number("map", numbers[i]), Number("map", numbers[i + 1]));
        }
    }

    private void Add(long start, long length)
    {
        hasMap = true;
        map.Add(start, length);
    }

    private long Number(string key, string value) => PaxRecords.Number(value, $"GNU.sparse.{key} {MemberName.Quote(value)}", where);
}
