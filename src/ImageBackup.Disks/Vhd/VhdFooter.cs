using System.Buffers.Binary;

namespace ImageBackup.Disks.Vhd;

/// <summary>The footer of a VHD, which a dynamic disk repeats at its beginning (Virtual Hard Disk Image Format Specification, "Hard Disk Footer Format"), checked.</summary>
internal sealed record VhdFooter
{
    public const int Size = 512;
    public const int SectorSize = 512;

    private const int OldSize = 511;
    private const int ChecksumOffset = 64;

    /// <summary>Above this, the geometry has no room for the size.</summary>
    private const long MaxGeometrySectors = 65_535L * 16 * 255;

    public required VhdType Type { get; init; }

    /// <summary>Bytes of the guest's disk.</summary>
    public required long DiskSize { get; init; }

    /// <summary>Where the dynamic disk header is.</summary>
    public required long DataOffset { get; init; }

    /// <summary>Bytes in front of the footer; a fixed disk's data.</summary>
    public required long FooterOffset { get; init; }

    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static VhdFooter Read(DiskSource source)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var offset = Find(source, bytes);
        return Parse(bytes, offset);
    }

    /// <summary>Parses a footer. An old footer of 511 bytes is followed by a zero.</summary>
    /// <param name="bytes">The footer.</param>
    /// <param name="offset">Bytes in front of it.</param>
    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static VhdFooter Parse(ReadOnlySpan<byte> bytes, long offset)
    {
        CheckSum(bytes, ChecksumOffset, "footer");
        var version = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        if (version >> 16 != 1)
        {
            throw DiskImageException.Unsupported($"VHD version {version >> 16}.{version & 0xffff} is not supported. Version 1.0 is.");
        }

        return new VhdFooter
        {
            Type = (VhdType)BinaryPrimitives.ReadUInt32BigEndian(bytes[60..]),
            DiskSize = ReadDiskSize(bytes),
            DataOffset = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
            FooterOffset = offset,
        };
    }

    /// <summary>Verifies a checksum: the complement of the sum of all bytes but its own.</summary>
    public static void CheckSum(ReadOnlySpan<byte> bytes, int checksumOffset, string what)
    {
        var sum = 0u;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += i >= checksumOffset && i < checksumOffset + sizeof(uint) ? 0u : bytes[i];
        }

        if (~sum != BinaryPrimitives.ReadUInt32BigEndian(bytes[checksumOffset..]))
        {
            throw DiskImageException.Damaged($"The checksum of the VHD {what} is wrong.");
        }
    }

    /// <summary>Finds the footer at the file's beginning, at its end, or at its end with the 511 bytes that Virtual PC before 2004 wrote.</summary>
    private static long Find(DiskSource source, Span<byte> bytes)
    {
        foreach (var (offset, length) in new[] { (0L, Size), (source.Length - Size, Size), (source.Length - OldSize, OldSize) })
        {
            bytes.Clear();
            if (offset >= 0 && offset + length <= source.Length)
            {
                source.Read(bytes[..length], offset);
            }

            if (bytes.StartsWith(DiskProbe.VhdCookie))
            {
                return offset;
            }
        }

        throw DiskImageException.Damaged("The VHD has no footer.");
    }

    /// <summary>Returns the size as the disk's creator means it: Virtual PC and old QEMU use the geometry, everybody else the current size.</summary>
    private static long ReadDiskSize(ReadOnlySpan<byte> bytes)
    {
        var size = BinaryPrimitives.ReadUInt64BigEndian(bytes[48..]);
        if (size > long.MaxValue)
        {
            throw DiskImageException.Damaged($"The VHD's current size is {size} bytes, which no disk has.");
        }

        var creator = bytes.Slice(28, 4);
        var sectors = (long)BinaryPrimitives.ReadUInt16BigEndian(bytes[56..]) * bytes[58] * bytes[59];
        var usesGeometry = (creator.SequenceEqual("vpc "u8) || creator.SequenceEqual("qemu"u8)) && sectors < MaxGeometrySectors;
        return usesGeometry ? sectors * SectorSize : (long)size;
    }
}
