using System.Buffers.Binary;

namespace ImageBackup.Disks.Vmdk;

/// <summary>The header of a hosted sparse extent (Virtual Disk Format 5.0, "Hosted Sparse Extent Header"), checked.</summary>
internal sealed record VmdkHeader
{
    public const int SectorSize = 512;

    /// <summary>The grain directory is named by a footer (<c>GD_AT_END</c>).</summary>
    public const ulong DirectoryAtEnd = ulong.MaxValue;

    private const int MaxVersion = 3;
    private const int MinGrainSectors = 8;
    private const int MaxGrainSectors = 4096;
    private const int MaxTableEntries = 512;
    private const int Deflate = 1;

    /// <summary>Footer marker, footer, end-of-stream marker.</summary>
    private const int FooterLength = 3 * SectorSize;

    private const uint FooterMarker = 3;

    public required VmdkFlags Flags { get; init; }

    public required long CapacitySectors { get; init; }

    public required int GrainSectors { get; init; }

    public required int TableEntries { get; init; }

    public required ulong DescriptorSector { get; init; }

    public required ulong DescriptorSectors { get; init; }

    public required ulong DirectorySector { get; init; }

    public int GrainSize => GrainSectors * SectorSize;

    public bool IsCompressed => Flags.HasFlag(VmdkFlags.CompressedGrains);

    /// <summary>Bytes of the guest's disk that one grain table maps.</summary>
    public long TableReach => (long)TableEntries * GrainSize;

    /// <summary>Entries of the grain directory.</summary>
    public long DirectoryEntries => ((CapacitySectors * SectorSize) + TableReach - 1) / TableReach;

    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static VmdkHeader Read(DiskSource source)
    {
        if (source.Length < SectorSize)
        {
            throw DiskImageException.Damaged($"The VMDK header needs {SectorSize} bytes; the file has {source.Length}.");
        }

        Span<byte> bytes = stackalloc byte[SectorSize];
        source.Read(bytes, 0);
        var header = Parse(bytes);
        if (header.DirectorySector == DirectoryAtEnd)
        {
            header = ReadFooter(source, header);
        }

        header.CheckDirectory(source);
        return header;
    }

    private static VmdkHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (version is 0 or > MaxVersion)
        {
            throw DiskImageException.Unsupported($"VMDK version {version} is not supported. Versions 1 to {MaxVersion} are.");
        }

        var flags = (VmdkFlags)BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        CheckNewlines(flags, bytes[73..77]);
        CheckCompression(flags, BinaryPrimitives.ReadUInt16LittleEndian(bytes[77..]));
        return new VmdkHeader
        {
            Flags = flags,
            CapacitySectors = ReadCapacity(bytes[12..]),
            GrainSectors = ReadGrainSize(bytes[20..]),
            TableEntries = ReadTableEntries(bytes[44..]),
            DescriptorSector = BinaryPrimitives.ReadUInt64LittleEndian(bytes[28..]),
            DescriptorSectors = BinaryPrimitives.ReadUInt64LittleEndian(bytes[36..]),
            DirectorySector = BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]),
        };
    }

    /// <summary>Finds copies that a transfer in text mode has spoiled.</summary>
    private static void CheckNewlines(VmdkFlags flags, ReadOnlySpan<byte> newlines)
    {
        if (flags.HasFlag(VmdkFlags.NewlineTest) && !newlines.SequenceEqual("\n \r\n"u8))
        {
            throw DiskImageException.Damaged("The VMDK file was changed by a transfer in text mode: its line ends differ.");
        }
    }

    private static void CheckCompression(VmdkFlags flags, int algorithm)
    {
        if (!flags.HasFlag(VmdkFlags.CompressedGrains))
        {
            return;
        }

        if (algorithm != Deflate)
        {
            throw DiskImageException.Unsupported($"VMDK compression {algorithm} is not supported. Compression 1 (deflate) is.");
        }

        if (!flags.HasFlag(VmdkFlags.Markers))
        {
            throw DiskImageException.Unsupported("VMDK files with compressed grains and without markers are not supported.");
        }
    }

    private static long ReadCapacity(ReadOnlySpan<byte> bytes)
    {
        var sectors = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return sectors <= long.MaxValue / SectorSize / 2
            ? (long)sectors
            : throw DiskImageException.Damaged($"VMDK capacity is {sectors} sectors, which no disk has.");
    }

    private static int ReadGrainSize(ReadOnlySpan<byte> bytes)
    {
        var sectors = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return sectors is >= MinGrainSectors and <= MaxGrainSectors && ulong.IsPow2(sectors)
            ? (int)sectors
            : throw DiskImageException.Unsupported($"VMDK grainSize is {sectors} sectors. Powers of two from {MinGrainSectors} to {MaxGrainSectors} are supported.");
    }

    private static int ReadTableEntries(ReadOnlySpan<byte> bytes)
    {
        var entries = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return entries is >= 1 and <= MaxTableEntries
            ? (int)entries
            : throw DiskImageException.Unsupported($"VMDK numGTEsPerGT is {entries}. 1 to {MaxTableEntries} are supported.");
    }

    /// <summary>Reads the copy of the header at the end of a stream ("Stream-Optimized Compressed Sparse Extents").</summary>
    private static VmdkHeader ReadFooter(DiskSource source, VmdkHeader header)
    {
        Span<byte> end = stackalloc byte[FooterLength];
        var isLongEnough = source.Length >= SectorSize + FooterLength;
        if (isLongEnough)
        {
            source.Read(end, source.Length - FooterLength);
        }

        var marker = end[..SectorSize];
        var footer = end.Slice(SectorSize, SectorSize);
        if (!isLongEnough || BinaryPrimitives.ReadUInt32LittleEndian(marker[12..]) != FooterMarker || !footer.StartsWith("KDMV"u8)
            || end[(2 * SectorSize)..].ContainsAnyExcept((byte)0))
        {
            throw DiskImageException.Damaged("The stream-optimized VMDK does not end with its footer and end-of-stream marker: the file is cut off, or bytes follow.");
        }

        var found = Parse(footer);
        return found.DirectorySector != DirectoryAtEnd && found.CapacitySectors == header.CapacitySectors && found.GrainSectors == header.GrainSectors
            ? found with { DescriptorSector = header.DescriptorSector, DescriptorSectors = header.DescriptorSectors }
            : throw DiskImageException.Damaged("The footer of the stream-optimized VMDK contradicts its header.");
    }

    private void CheckDirectory(DiskSource source)
    {
        var bytes = DirectoryEntries * sizeof(uint);
        if (DirectorySector > (ulong)source.Length / SectorSize || ((long)DirectorySector * SectorSize) > source.Length - bytes)
        {
            throw DiskImageException.Damaged($"The VMDK grain directory at sector {DirectorySector} with {bytes} bytes leaves the file of {source.Length} bytes.");
        }
    }
}
