using System.Buffers.Binary;

namespace ImageBackup.Disks.Vhdx;

/// <summary>What the metadata of a VHDX say about the disk (MS-VHDX §2.6), checked.</summary>
internal sealed record VhdxMetadata(long DiskSize, long BlockSize, int SectorSize)
{
    private const int HeaderLength = 32;
    private const int EntryLength = 32;
    private const int MaxEntries = 2047;
    private const int TableLength = 64 << 10;
    private const uint MinBlockSize = 1 << 20;
    private const uint MaxBlockSize = 256 << 20;
    private const int HasParent = 2;
    private const int IsRequired = 4;

    private static readonly Guid FileParametersId = new("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
    private static readonly Guid DiskSizeId = new("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
    private static readonly Guid DiskIdId = new("beca12ab-b2e6-4523-93ef-c309e000c746");
    private static readonly Guid LogicalSectorId = new("8141bf1d-a96f-4709-ba47-f233a8faab5f");
    private static readonly Guid PhysicalSectorId = new("cda348c7-445d-4471-9cc9-e9885251c556");
    private static readonly Guid ParentLocatorId = new("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");

    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static VhdxMetadata Read(DiskSource source, VhdxRegion region)
    {
        var items = ReadItems(source, region);
        Span<byte> parameters = stackalloc byte[8];
        Load(source, items, FileParametersId, "file parameters", parameters);
        if ((parameters[4] & HasParent) != 0 || items.ContainsKey(ParentLocatorId))
        {
            throw DiskImageException.Unsupported("The VHDX is a differencing disk and needs its parent. Disks with a parent are not supported: merge it with its parent.");
        }

        Span<byte> size = stackalloc byte[8];
        Load(source, items, DiskSizeId, "virtual disk size", size);
        Span<byte> sector = stackalloc byte[4];
        Load(source, items, LogicalSectorId, "logical sector size", sector);
        var metadata = new VhdxMetadata(
            BinaryPrimitives.ReadInt64LittleEndian(size), BinaryPrimitives.ReadUInt32LittleEndian(parameters), BinaryPrimitives.ReadInt32LittleEndian(sector));
        metadata.Check();
        return metadata;
    }

    private void Check()
    {
        if (BlockSize is < MinBlockSize or > MaxBlockSize || !long.IsPow2(BlockSize))
        {
            throw DiskImageException.Damaged($"VHDX block size {BlockSize} is not possible. Powers of two from {MinBlockSize} to {MaxBlockSize} are.");
        }

        if (SectorSize is not (512 or 4096))
        {
            throw DiskImageException.Damaged($"VHDX logical sector size {SectorSize} is not possible. 512 and 4096 are.");
        }

        if (DiskSize < 0 || DiskSize % SectorSize != 0)
        {
            throw DiskImageException.Damaged($"The VHDX virtual disk size {(ulong)DiskSize} is no multiple of its sectors of {SectorSize} bytes.");
        }
    }

    /// <summary>Reads the metadata table (§2.6.1): the place of each item in the region.</summary>
    private static Dictionary<Guid, VhdxRegion> ReadItems(DiskSource source, VhdxRegion region)
    {
        var bytes = new byte[(int)Math.Min(TableLength, region.Length)];
        source.Read(bytes, region.Offset);
        var count = bytes.Length < HeaderLength ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(10));
        if (!bytes.AsSpan().StartsWith("metadata"u8) || count > MaxEntries || HeaderLength + (count * EntryLength) > bytes.Length)
        {
            throw DiskImageException.Damaged($"The VHDX has no metadata table at {region.Offset}, or one with too many entries.");
        }

        var items = new Dictionary<Guid, VhdxRegion>();
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.AsSpan(HeaderLength + (i * EntryLength), EntryLength);
            var id = new Guid(entry[..16]);
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
            if (offset + (long)length > region.Length)
            {
                throw DiskImageException.Damaged($"VHDX metadata item {id} at {offset} with {length} bytes leaves the metadata region.");
            }

            if ((entry[24] & IsRequired) != 0 && !IsKnown(id))
            {
                throw DiskImageException.Unsupported($"The VHDX requires metadata item {id}, which is not known.");
            }

            items[id] = new VhdxRegion(region.Offset + offset, length);
        }

        return items;
    }

    private static bool IsKnown(Guid id) =>
        id == FileParametersId || id == DiskSizeId || id == DiskIdId || id == LogicalSectorId || id == PhysicalSectorId || id == ParentLocatorId;

    private static void Load(DiskSource source, Dictionary<Guid, VhdxRegion> items, Guid id, string what, Span<byte> bytes)
    {
        if (!items.TryGetValue(id, out var item) || item.Length < bytes.Length)
        {
            throw DiskImageException.Damaged($"The VHDX metadata have no {what}.");
        }

        source.Read(bytes, item.Offset);
    }
}
