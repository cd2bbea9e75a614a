using System.Globalization;
using System.Text;

namespace ImageBackup.Ova.Tar;

/// <summary>Path and size in an extended header (POSIX.1-2001 pax).</summary>
internal sealed record PaxRecords(string? Path, long? Size)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>Parses records <c>length key=value\n</c>. The length includes its own digits.</summary>
    /// <exception cref="InvalidOvaException">A record is malformed, or describes a sparse file.</exception>
    public static PaxRecords Parse(ReadOnlySpan<byte> records, string where)
    {
        string? path = null;
        long? size = null;
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

            var key = Utf8.GetString(record[..equals]);
            var value = Utf8.GetString(record[(equals + 1)..]);
            if (key.StartsWith("GNU.sparse.", StringComparison.Ordinal))
            {
                throw new InvalidOvaException($"{where}: the member is stored as a GNU sparse file; store it as plain bytes.");
            }

            if (key == "path")
            {
                path = value;
            }
            else if (key == "size")
            {
                size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new InvalidOvaException($"{where}: the size {MemberName.Quote(value)} of the extended header is no number of bytes.");
            }

            records = records[length..];
        }

        return new PaxRecords(path, size);
    }
}
