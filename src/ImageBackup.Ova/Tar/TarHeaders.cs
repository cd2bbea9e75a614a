using System.Text;
using ICSharpCode.SharpZipLib.Tar;

namespace ImageBackup.Ova.Tar;

/// <summary>Creates the headers of regular files: ustar, with GNU's base-256 sizes from 8 GiB and GNU's long names above 100 bytes.</summary>
internal static class TarHeaders
{
    public const int Block = 512;

    private const int FileMode = 0b110_100_100;

    /// <summary>Bytes of the two zero blocks that end an archive.</summary>
    public const int EndLength = 2 * Block;

    public static long RoundUp(long size) => (size + Block - 1) / Block * Block;

    /// <summary>Returns the header blocks of a member.</summary>
    public static byte[] For(string name, long size, DateTimeOffset modified)
    {
        var bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes <= TarHeader.NAMELEN)
        {
            return Header(name, size, TarHeader.LF_NORMAL, modified);
        }

        // A long name includes its terminating NUL.
        var longName = new byte[RoundUp(bytes + 1)];
        Encoding.UTF8.GetBytes(name, longName);
        return
        [
            .. Header("././@LongLink", bytes + 1, TarHeader.LF_GNU_LONGNAME, DateTimeOffset.UnixEpoch),
            .. longName,
            .. Header(CutToFit(name), size, TarHeader.LF_NORMAL, modified),
        ];
    }

    private static byte[] Header(string name, long size, byte type, DateTimeOffset modified)
    {
        var header = new TarHeader
        {
            Name = name,
            Mode = FileMode,
            UserId = 0,
            GroupId = 0,
            UserName = "root",
            GroupName = "root",
            Size = size,
            ModTime = modified.UtcDateTime,
            TypeFlag = type,
            Version = "00",
        };
        var block = new byte[Block];
        header.WriteHeader(block, Encoding.UTF8);
        return block;
    }

    private static string CutToFit(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > TarHeader.NAMELEN)
        {
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        }

        return name;
    }
}
