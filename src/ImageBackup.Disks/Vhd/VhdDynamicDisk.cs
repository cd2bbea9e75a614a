using ImageBackup.Disks.Mapping;

namespace ImageBackup.Disks.Vhd;

/// <summary>
/// The guest's disk in a dynamic VHD (Virtual Hard Disk Image Format Specification, "Block Allocation Table and Data Blocks"). Like QEMU, it reads a whole block that
/// is allocated: sectors that the block's bitmap calls unused hold zeros.
/// </summary>
internal sealed class VhdDynamicDisk : BlockDisk
{
    private const uint Unused = uint.MaxValue;
    private const int SectorsPerBitmapByte = 8;

    private readonly VhdDynamicHeader header;
    private readonly long bitmapSize;

    public VhdDynamicDisk(DiskSource source, VhdFooter footer)
        : base(source)
    {
        header = VhdDynamicHeader.Read(source, footer);
        Length = footer.DiskSize;
        var bitmap = header.BlockSize / VhdFooter.SectorSize / SectorsPerBitmapByte;
        bitmapSize = (bitmap + VhdFooter.SectorSize - 1) / VhdFooter.SectorSize * VhdFooter.SectorSize;
    }

    public override long Length { get; }

    protected override long BlockSize => header.BlockSize;

    protected override Run LocateBlock(long index)
    {
        var sector = Tables.ReadUInt32BigEndian(header.TableOffset + (index * sizeof(uint)));
        return sector == Unused ? Run.Hole(BlockSize) : Run.Plain(BlockSize, ((long)sector * VhdFooter.SectorSize) + bitmapSize);
    }
}
