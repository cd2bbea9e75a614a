using System.Globalization;
using System.Text;

namespace ImageBackup.Ova.Tar;

/// <summary>What extended headers (POSIX.1-2001 pax) say about the next member.</summary>
internal sealed class PaxRecords
{
    private const string SparsePrefix = "GNU.sparse.";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>The member's name; null if the header's counts.</summary>
    public string? Path { get; private set; }

    /// <summary>Bytes of data in the archive; null if the header's size counts.</summary>
    public long? Size { get; private set; }

    /// <summary>What is said about a sparse file; null for a plain file.</summary>
    public PaxSparse? Sparse { get; private set; }

    /// <summary>Parses records <c>length key=value\n</c>. The length includes its own digits.</summary>
    /// <exception cref="InvalidOvaException">A record is malformed.</exception>
    public static PaxRecords Parse(ReadOnlySpan<byte> records, string where)
    {
        var parsed = new PaxRecords();
        while (!records.IsEmpty)
        {
            var blank = records.IndexOf((byte)' ');
            if (blank is <= 0 or > 9
                || !int.TryParse(records[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= blank + 1
                || length > records.Length
                || records[length - 1] != '\n'
                || records[(blank + 1)..(length - 1)] is var record && record.IndexOf((byte)'=') is var equals && equals <= 0)
            {
                throw new InvalidOvaException($"{where}: a record of the extended header is malformed.");
            }

            parsed.Take(Utf8.GetString(record[..equals]), Utf8.GetString(record[(equals + 1)..]), where);
            records = records[length..];
        }

        return parsed;
    }

    private void Take(string key, string value, string where)
    {
        if (key == "path")
        {
            Path = value;
        }
        else if (key == "size")
        {
            Size = Number(value, $"the size {MemberName.Quote(value)}", where);
        }
        else if (key == "SCHILY.realsize")
        {
            throw InvalidOvaException.Unsupported($"{where}: the sparse format of star is not supported. Pack the file without -sparse, or with GNU tar or bsdtar.");
        }
        else if (key.StartsWith(SparsePrefix, StringComparison.Ordinal))
        {
            Sparse ??= new PaxSparse(where);
            Sparse.Take(key[SparsePrefix.Length..], value);
        }
    }

    internal static long Number(string value, string what, string where)
        => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOvaException($"{where}: {what} of the extended header is no number of bytes.");
}
