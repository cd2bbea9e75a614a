using System.Buffers.Binary;
using System.Text;

namespace ImageBackup.Disks.Vhd;

/// <summary>The header of a dynamic VHD (Virtual Hard Disk Image Format Specification, "Dynamic Disk Header Format"), checked.</summary>
internal sealed record VhdDynamicHeader(long TableOffset, long BlockSize)
{
    private const int Size = 1024;
    private const int ChecksumOffset = 36;
    private const int ParentNameOffset = 64;
    private const int ParentNameLength = 512;
    private const uint MinBlockSize = 4096;
    private const uint MaxBlockSize = 256 << 20;

    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static VhdDynamicHeader Read(DiskSource source, VhdFooter footer)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Load(source, footer, bytes);
        VhdFooter.CheckSum(bytes, ChecksumOffset, "dynamic disk header");
        var table = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]);
        var entries = BinaryPrimitives.ReadUInt32BigEndian(bytes[28..]);
        var block = BinaryPrimitives.ReadUInt32BigEndian(bytes[32..]);
        if (!uint.IsPow2(block) || block is < MinBlockSize or > MaxBlockSize)
        {
            throw DiskImageException.Unsupported($"VHD block size {block} is not supported. Powers of two from {MinBlockSize} to {MaxBlockSize} are.");
        }

        var needed = (footer.DiskSize / block) + (footer.DiskSize % block == 0 ? 0 : 1);
        if (entries < needed)
        {
            throw DiskImageException.Damaged($"The VHD's block allocation table has {entries} entries; a disk of {footer.DiskSize} bytes needs {needed}.");
        }

        return table >= 0 && table % VhdFooter.SectorSize == 0 && table <= source.Length - (needed * sizeof(uint))
            ? new VhdDynamicHeader(table, block)
            : throw DiskImageException.Damaged($"The VHD's block allocation table at {(ulong)table} leaves the file of {source.Length} bytes.");
    }

    /// <summary>Returns the refusal of a differencing disk, which names its parent.</summary>
    public static DiskImageException RefuseParent(DiskSource source, VhdFooter footer)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Load(source, footer, bytes);
        var name = Encoding.BigEndianUnicode.GetString(bytes.Slice(ParentNameOffset, ParentNameLength)).TrimEnd('\0');
        return DiskImageException.Unsupported($"The VHD needs its parent {SafeText.Quote(name)}. Differencing disks are not supported: merge it with its parent.");
    }

    private static void Load(DiskSource source, VhdFooter footer, Span<byte> bytes)
    {
        if (footer.DataOffset < 0 || footer.DataOffset > source.Length - Size)
        {
            throw DiskImageException.Damaged($"The VHD's dynamic disk header at {(ulong)footer.DataOffset} leaves the file of {source.Length} bytes.");
        }

        source.Read(bytes, footer.DataOffset);
        if (!bytes.StartsWith("cxsparse"u8))
        {
            throw DiskImageException.Damaged($"The VHD has no dynamic disk header at {footer.DataOffset}.");
        }
    }

}
