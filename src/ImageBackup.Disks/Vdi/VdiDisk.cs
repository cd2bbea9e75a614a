using System.Buffers.Binary;
using ImageBackup.Disks.Mapping;

namespace ImageBackup.Disks.Vdi;

/// <summary>
/// The guest's disk in a VDI of version 1.1, dynamic or fixed (VirtualBox src/VBox/Storage/VDICore.h). The block map names a block's place among the stored blocks.
/// </summary>
internal sealed class VdiDisk : BlockDisk
{
    private const int HeaderLength = 456;
    private const uint Version = 0x0001_0001;
    private const int SectorSize = 512;
    private const uint MinBlockSize = 4096;
    private const uint MaxBlockSize = 256 << 20;

    /// <summary>From here on, an entry says that nothing is stored: all zeros (discarded), or never written.</summary>
    private const uint NothingStored = 0xffff_fffe;

    private readonly uint mapOffset;
    private readonly uint dataOffset;
    private readonly uint blockSize;
    private readonly uint storedBlocks;

    public VdiDisk(DiskSource source)
        : base(source)
    {
        if (source.Length < HeaderLength)
        {
            throw DiskImageException.Damaged($"The VDI header needs {HeaderLength} bytes; the file has {source.Length}.");
        }

        Span<byte> bytes = stackalloc byte[HeaderLength];
        source.Read(bytes, 0);
        CheckKind(bytes);
        mapOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[340..]);
        dataOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[344..]);
        blockSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes[376..]);
        storedBlocks = BinaryPrimitives.ReadUInt32LittleEndian(bytes[388..]);
        Length = ReadSize(bytes);
        CheckMapPlace(BinaryPrimitives.ReadUInt32LittleEndian(bytes[384..]));
    }

    public override long Length { get; }

    protected override long BlockSize => blockSize;

    protected override Run LocateBlock(long index)
    {
        var place = Tables.ReadUInt32LittleEndian(mapOffset + (index * sizeof(uint)));
        return place switch
        {
            >= NothingStored => Run.Hole(blockSize),
            _ when place < storedBlocks => Run.Plain(blockSize, dataOffset + ((long)place * blockSize)),
            _ => throw DiskImageException.Damaged($"Block {index} of the VDI is stored as block {place}; only {storedBlocks} blocks are stored."),
        };
    }

    private static void CheckKind(ReadOnlySpan<byte> bytes)
    {
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]);
        if (version != Version)
        {
            throw DiskImageException.Unsupported($"VDI version {version >> 16}.{version & 0xffff} is not supported. Version 1.1 is.");
        }

        var type = BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..]);
        if (type is not (1 or 2))
        {
            var name = type switch { 3 => "3 (undo)", 4 => "4 (differencing)", _ => type.ToString() };
            throw DiskImageException.Unsupported($"VDI type {name} is not supported. Types 1 (dynamic) and 2 (fixed) are.");
        }

        var parent = bytes.Slice(440, 16);
        if (parent.ContainsAnyExcept((byte)0))
        {
            throw DiskImageException.Unsupported($"The VDI needs its parent {new Guid(parent)}. Disks with a parent are not supported: clone it in VirtualBox.");
        }

        var sector = BinaryPrimitives.ReadUInt32LittleEndian(bytes[360..]);
        var extra = BinaryPrimitives.ReadUInt32LittleEndian(bytes[380..]);
        if (sector != SectorSize || extra != 0)
        {
            throw DiskImageException.Unsupported($"VDI sectors of {sector} bytes and {extra} extra bytes a block are not supported. {SectorSize} and 0 are.");
        }
    }

    private static long ReadSize(ReadOnlySpan<byte> bytes)
    {
        var size = BinaryPrimitives.ReadInt64LittleEndian(bytes[368..]);
        return size >= 0 ? size : throw DiskImageException.Damaged($"The VDI's disk size is {(ulong)size} bytes, which no disk has.");
    }

    private void CheckMapPlace(uint blocks)
    {
        if (!uint.IsPow2(blockSize) || blockSize is < MinBlockSize or > MaxBlockSize)
        {
            throw DiskImageException.Unsupported($"VDI block size {blockSize} is not supported. Powers of two from {MinBlockSize} to {MaxBlockSize} are.");
        }

        var needed = (Length / blockSize) + (Length % blockSize == 0 ? 0 : 1);
        if (blocks < needed || mapOffset % sizeof(uint) != 0 || mapOffset > Source.Length - (needed * sizeof(uint)))
        {
            throw DiskImageException.Damaged(
                $"The VDI's block map at {mapOffset} has {blocks} entries; a disk of {Length} bytes needs {needed} inside the file of {Source.Length} bytes.");
        }
    }
}
