using System.Buffers.Binary;

namespace ImageBackup.Disks.Vhdx;

/// <summary>Where the block allocation table and the metadata of a VHDX are (MS-VHDX §2.2.3), checked.</summary>
internal sealed record VhdxRegions(VhdxRegion Table, VhdxRegion Metadata)
{
    private const int Size = 64 << 10;
    private const int FirstOffset = 192 << 10;
    private const int SecondOffset = 256 << 10;
    private const int HeaderLength = 16;
    private const int EntryLength = 32;
    private const int MaxEntries = 2047;
    private const int Granularity = 1 << 20;

    private static readonly Guid TableId = new("2dc27766-f623-4200-9d64-115e9bfd4a08");
    private static readonly Guid MetadataId = new("8b7ca206-4790-4b9a-b8fe-575f050f886e");

    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static VhdxRegions Read(DiskSource source)
    {
        var bytes = new byte[Size];
        if (!VhdxHeader.LoadChecked(source, FirstOffset, bytes, "regi"u8) && !VhdxHeader.LoadChecked(source, SecondOffset, bytes, "regi"u8))
        {
            throw DiskImageException.Damaged("The VHDX has no valid region table: both checksums are wrong.");
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (count > MaxEntries)
        {
            throw DiskImageException.Damaged($"The VHDX region table has {count} entries. At most {MaxEntries} are possible.");
        }

        VhdxRegion? table = null;
        VhdxRegion? metadata = null;
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.AsSpan(HeaderLength + (i * EntryLength), EntryLength);
            var id = new Guid(entry[..16]);
            if (id == TableId)
            {
                table = ReadRegion(source, entry, "block allocation table");
            }
            else if (id == MetadataId)
            {
                metadata = ReadRegion(source, entry, "metadata");
            }
            else if ((entry[28] & 1) != 0)
            {
                throw DiskImageException.Unsupported($"The VHDX requires region {id}, which is not known.");
            }
        }

        return table is not null && metadata is not null
            ? new VhdxRegions(table, metadata)
            : throw DiskImageException.Damaged("The VHDX region table names no block allocation table or no metadata.");
    }

    private static VhdxRegion ReadRegion(DiskSource source, ReadOnlySpan<byte> entry, string what)
    {
        var offset = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
        return offset >= Granularity && offset % Granularity == 0 && offset <= source.Length - length
            ? new VhdxRegion(offset, length)
            : throw DiskImageException.Damaged($"The VHDX {what} at {(ulong)offset} with {length} bytes is not aligned or leaves the file of {source.Length} bytes.");
    }
}
