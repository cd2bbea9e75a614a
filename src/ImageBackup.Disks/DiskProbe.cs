namespace ImageBackup.Disks;

/// <summary>Tells a file's format from its bytes alone, never from a name.</summary>
public static class DiskProbe
{
    /// <summary>Bytes of a file's beginning that the probe wants; fewer when the file is shorter.</summary>
    public const int HeadLength = 4096;

    /// <summary>Bytes of a file's end that the probe wants; fewer when the file is shorter.</summary>
    public const int TailLength = 512;

    /// <summary>VHD's cookie. Old writers end a fixed disk with a footer of 511 bytes (MS-VHD, "Hard Disk Footer Format").</summary>
    internal static ReadOnlySpan<byte> VhdCookie => "conectix"u8;

    private const int TarMagicOffset = 257;
    private const int VdiSignatureOffset = 64;

    /// <summary>Probes a source.</summary>
    public static DiskFormat Probe(DiskSource source)
    {
        var head = new byte[(int)Math.Min(HeadLength, source.Length)];
        source.Read(head, 0);
        var tail = new byte[(int)Math.Min(TailLength, source.Length)];
        source.Read(tail, source.Length - tail.Length);
        return Probe(head, tail);
    }

    /// <summary>Probes the first and the last bytes of a file; both are the whole file when it is short.</summary>
    /// <param name="head">The first <see cref="HeadLength"/> bytes.</param>
    /// <param name="tail">The last <see cref="TailLength"/> bytes; empty when only the head is known.</param>
    public static DiskFormat Probe(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        var format = ProbeDisk(head);
        if (format is DiskFormat.Raw)
        {
            format = ProbeCompression(head);
        }

        return format is DiskFormat.Raw ? ProbeTail(tail) : format;
    }

    private static DiskFormat ProbeDisk(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'Q', (byte)'F', (byte)'I', 0xfb, ..] => DiskFormat.Qcow2,
        [(byte)'Q', (byte)'E', (byte)'D', 0, ..] => DiskFormat.Qed,
        _ when head.StartsWith("KDMV"u8) || head.StartsWith("COWD"u8) || IsSpaceEfficient(head) || IsDescriptor(head) => DiskFormat.Vmdk,
        _ when head.StartsWith(VhdCookie) => DiskFormat.Vhd,
        _ when head.StartsWith("vhdxfile"u8) => DiskFormat.Vhdx,
        _ when head.Length > VdiSignatureOffset && head[VdiSignatureOffset..].StartsWith(VdiSignature) => DiskFormat.Vdi,
        _ when head.StartsWith("WithoutFreeSpace"u8) || head.StartsWith("WithouFreSpacExt"u8) => DiskFormat.Parallels,
        _ => DiskFormat.Raw,
    };

    private static DiskFormat ProbeCompression(ReadOnlySpan<byte> head) => head switch
    {
        [0x1f, 0x8b, 8, ..] => DiskFormat.Gzip,
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => DiskFormat.Xz,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => DiskFormat.Zstd,
        [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => DiskFormat.Zstd, // skippable frame, RFC 8878 §3.1.2
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => DiskFormat.Bzip2,
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => DiskFormat.Bzip2, // of nothing
        [0x04, 0x22, 0x4d, 0x18, ..] => DiskFormat.Lz4,
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] or [(byte)'P', (byte)'K', 7, 8, ..] => DiskFormat.Zip,
        [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => DiskFormat.SevenZip,
        _ when head.Length > TarMagicOffset && head[TarMagicOffset..].StartsWith("ustar"u8) => DiskFormat.Tar,
        _ => DiskFormat.Raw,
    };

    private static DiskFormat ProbeTail(ReadOnlySpan<byte> tail) => tail switch
    {
        _ when tail.Length == TailLength && (tail.StartsWith(VhdCookie) || tail[1..].StartsWith(VhdCookie)) => DiskFormat.Vhd,
        _ when tail.Length == TailLength && tail.StartsWith("koly"u8) => DiskFormat.Dmg,
        _ => DiskFormat.Raw,
    };

    private static ReadOnlySpan<byte> VdiSignature => [0x7f, 0x10, 0xda, 0xbe];

    /// <summary>VMware's SESPARSE extents.</summary>
    private static bool IsSpaceEfficient(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0xbe, 0xba, 0xfe, 0xca, 0, 0, 0, 0]);

    /// <summary>Whether a text begins as a descriptor does: comments and blank lines, the known comment or a version line among them (Virtual Disk Format 5.0, "The Descriptor File").</summary>
    private static bool IsDescriptor(ReadOnlySpan<byte> head)
    {
        var text = head.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? head[3..] : head;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).Trim(" \t\r"u8);
            if (StartsWithIgnoringCase(line, "# Disk DescriptorFile"u8) || StartsWithIgnoringCase(line, "version="u8) || StartsWithIgnoringCase(line, "version ="u8))
            {
                return true;
            }

            if (end < 0 || (line.Length > 0 && line[0] != '#'))
            {
                return false;
            }

            text = text[(end + 1)..];
        }

        return false;
    }

    private static bool StartsWithIgnoringCase(ReadOnlySpan<byte> line, ReadOnlySpan<byte> word) =>
        line.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(line[..word.Length], word);
}
