using ImageBackup.Disks.Mapping;

namespace ImageBackup.Disks.Vhdx;

/// <summary>The guest's disk in a fixed or dynamic VHDX (MS-VHDX §2.5).</summary>
internal sealed class VhdxDisk : BlockDisk
{
    /// <summary>Sectors that one sector bitmap block describes (§2.4).</summary>
    private const long SectorsPerBitmap = 1 << 23;

    private const int StateMask = 7;
    private const int OffsetShift = 20;

    private readonly VhdxRegion table;
    private readonly VhdxMetadata metadata;

    /// <summary>Entries of blocks between two entries of sector bitmaps.</summary>
    private readonly long chunkRatio;

    public VhdxDisk(DiskSource source)
        : base(source)
    {
        VhdxHeader.Check(source);
        var regions = VhdxRegions.Read(source);
        table = regions.Table;
        metadata = VhdxMetadata.Read(source, regions.Metadata);
        chunkRatio = SectorsPerBitmap * metadata.SectorSize / metadata.BlockSize;
        var blocks = (metadata.DiskSize / metadata.BlockSize) + (metadata.DiskSize % metadata.BlockSize == 0 ? 0 : 1);
        var entries = blocks == 0 ? 0 : IndexOf(blocks - 1) + 1;
        if (entries > table.Length / sizeof(ulong))
        {
            throw DiskImageException.Damaged($"The VHDX block allocation table has {table.Length / sizeof(ulong)} entries; a disk of {metadata.DiskSize} bytes needs {entries}.");
        }
    }

    public override long Length => metadata.DiskSize;

    protected override long BlockSize => metadata.BlockSize;

    /// <summary>§2.5.1.1: blocks that are undefined, unmapped or not present read as zeros, as in QEMU.</summary>
    protected override Run LocateBlock(long index)
    {
        var entry = Tables.ReadUInt64LittleEndian(table.Offset + (IndexOf(index) * sizeof(ulong)));
        return (int)(entry & StateMask) switch
        {
            0 or 1 or 2 or 3 => Run.Hole(BlockSize),
            6 => Run.Plain(BlockSize, (long)(entry >> OffsetShift) << OffsetShift),
            var state => throw DiskImageException.Damaged($"Block {index} of the VHDX has state {state}, which only disks with a parent may use."),
        };
    }

    private long IndexOf(long block) => block + (block / chunkRatio);
}
