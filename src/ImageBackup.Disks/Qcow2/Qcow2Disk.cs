using System.Buffers;
using System.Numerics;
using ImageBackup.Disks.Mapping;
using ImageBackup.Disks.Unpacking;

namespace ImageBackup.Disks.Qcow2;

/// <summary>The guest's disk in a qcow2 image (QEMU docs/interop/qcow2, "Cluster mapping"): its active state, whatever internal snapshots there are.</summary>
internal sealed class Qcow2Disk : MappedDisk
{
    private const ulong OffsetMask = 0x00ff_ffff_ffff_fe00;
    private const ulong Compressed = 1UL << 62;
    private const ulong Copied = 1UL << 63;
    private const ulong ReadsAsZeros = 1;
    private const int SubclustersPerCluster = 32;
    private const int SectorSize = 512;

    private readonly Qcow2Header header;
    private readonly int clusterSize;
    private readonly UnitUnpacker unpacker;

    public Qcow2Disk(DiskSource source)
        : base(source)
    {
        header = Qcow2Header.Read(source);
        clusterSize = header.ClusterSize;
        unpacker = header.IsZstd ? new ZstdUnits() : new DeflateUnits();
    }

    public override long Length => header.Size;

    public override int Unit => clusterSize;

    /// <summary>Refuses L1 tables whose entries cannot all have an L2 table of their own.</summary>
    public override void CheckMap(CancellationToken cancellationToken)
    {
        var tables = 0L;
        for (var index = 0; index < header.L1Entries && index * header.L2Reach < Length; index++)
        {
            tables += ReadL1(index) == 0 ? 0 : 1;
        }

        if (tables > Source.Length / clusterSize)
        {
            throw DiskImageException.Damaged($"The qcow2 L1 table names {tables} L2 tables, more than fit into the file's {Source.Length} bytes.");
        }

        base.CheckMap(cancellationToken);
    }

    protected override Run Locate(long offset)
    {
        var table = ReadL1(offset / header.L2Reach);
        if (table == 0)
        {
            return Run.Hole(header.L2Reach - (offset % header.L2Reach));
        }

        var index = (offset >> header.ClusterBits) & ((1L << header.L2Bits) - 1);
        var within = (int)(offset & (clusterSize - 1));
        if (!header.HasExtendedL2)
        {
            var entry = Tables.ReadUInt64BigEndian(table + (index * sizeof(ulong)));
            return (entry & Compressed) != 0 ? LocatePacked(entry, within) : LocateCluster(entry, within);
        }

        var extended = table + (index * 2 * sizeof(ulong));
        var descriptor = Tables.ReadUInt64BigEndian(extended);
        return (descriptor & Compressed) != 0
            ? LocatePacked(descriptor, within)
            : LocateSubclusters(descriptor, Tables.ReadUInt64BigEndian(extended + sizeof(ulong)), within);
    }

    protected override void ReadUnit(Run run, Span<byte> unit, int needed, long offset)
    {
        var packed = ArrayPool<byte>.Shared.Rent(run.PackedLength);
        try
        {
            Source.Read(packed.AsSpan(0, run.PackedLength), run.Start);
            unpacker.Unpack(packed.AsSpan(0, run.PackedLength), unit, needed);
        }
        catch (InvalidDataException exception)
        {
            throw DiskImageException.Damaged($"The compressed qcow2 cluster of the disk's bytes from {offset} is damaged: {exception.Message}", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    protected override void Dispose(bool disposing)
    {
        unpacker.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Reads the offset of an L2 table; 0 for none.</summary>
    private long ReadL1(long index)
    {
        var entry = Tables.ReadUInt64BigEndian(header.L1Offset + (index * sizeof(ulong)));
        var offset = (long)(entry & OffsetMask);
        if ((entry & ~(OffsetMask | Copied)) != 0 || (offset & (clusterSize - 1)) != 0 || offset > Source.Length - clusterSize)
        {
            throw DiskImageException.Damaged($"Entry {index} of the qcow2 L1 table is 0x{entry:x}, which is no cluster inside the file of {Source.Length} bytes.");
        }

        return offset;
    }

    /// <summary>"Standard Cluster Descriptor".</summary>
    private Run LocateCluster(ulong entry, int within)
    {
        var start = ReadOffset(entry, OffsetMask | Copied | (header.Version > 2 ? ReadsAsZeros : 0));
        return start == 0 || (entry & ReadsAsZeros) != 0 ? Run.Hole(clusterSize - within) : Run.Plain(clusterSize - within, start + within);
    }

    /// <summary>"Extended L2 Entries": the lower half of the bitmap tells which subclusters are stored, the upper half which read as zeros.</summary>
    private Run LocateSubclusters(ulong entry, ulong bitmap, int within)
    {
        var start = ReadOffset(entry, OffsetMask | Copied);
        var stored = (uint)bitmap;
        if ((stored & (uint)(bitmap >> 32)) != 0 || (start == 0 && stored != 0))
        {
            throw DiskImageException.Damaged($"The qcow2 L2 entry 0x{entry:x} has the impossible subcluster bitmap 0x{bitmap:x}.");
        }

        var size = clusterSize / SubclustersPerCluster;
        var first = within / size;
        var isStored = (stored >> first & 1) != 0;
        var same = BitOperations.TrailingZeroCount(isStored ? ~(stored >> first) : stored >> first);
        var length = (Math.Min(SubclustersPerCluster, first + same) * size) - within;
        return isStored ? Run.Plain(length, start + within) : Run.Hole(length);
    }

    /// <summary>"Compressed Clusters Descriptor". The last sector may lie partly behind the end of the file.</summary>
    private Run LocatePacked(ulong entry, int within)
    {
        var offsetBits = 62 - (header.ClusterBits - 8);
        var start = (long)(entry & ((1UL << offsetBits) - 1));
        var sectors = (int)((entry & ~(Copied | Compressed)) >> offsetBits) + 1;
        var length = Math.Min(((long)sectors * SectorSize) - (start & (SectorSize - 1)), Source.Length - start);
        if ((entry & Copied) != 0 || length <= 0)
        {
            throw DiskImageException.Damaged($"The qcow2 L2 entry 0x{entry:x} is no compressed cluster inside the file of {Source.Length} bytes.");
        }

        return Run.Packed(clusterSize - within, start, (int)length);
    }

    private long ReadOffset(ulong entry, ulong allowed)
    {
        var offset = (long)(entry & OffsetMask);
        return (entry & ~allowed) == 0 && (offset & (clusterSize - 1)) == 0
            ? offset
            : throw DiskImageException.Damaged($"The qcow2 L2 entry 0x{entry:x} is no cluster.");
    }
}
