using System.Buffers;
using System.Buffers.Binary;
using ImageBackup.Disks.Mapping;
using ImageBackup.Disks.Unpacking;

namespace ImageBackup.Disks.Vmdk;

/// <summary>The guest's disk in a VMDK of one sparse extent: monolithicSparse or streamOptimized (Virtual Disk Format 5.0).</summary>
internal sealed class VmdkDisk : MappedDisk
{
    private const uint ZeroedGrain = 1;
    private const int MarkerLength = 12;

    private readonly VmdkHeader header;
    private readonly ZlibUnits unpacker = new();

    public VmdkDisk(DiskSource source)
        : base(source)
    {
        Span<byte> magic = stackalloc byte[4];
        source.Read(magic[..(int)Math.Min(4, source.Length)], 0);
        if (!magic.SequenceEqual("KDMV"u8))
        {
            throw magic switch
            {
                _ when magic.SequenceEqual("COWD"u8) => DiskImageException.Unsupported("VMDK extents of ESX (COWD) are not supported. Export the disk as stream-optimized."),
                [0xbe, 0xba, 0xfe, 0xca] => DiskImageException.Unsupported("VMDK extents of ESX (SESPARSE) are not supported. Export the disk as stream-optimized."),
                _ => VmdkDescriptor.Refuse(source),
            };
        }

        header = VmdkHeader.Read(source);
        VmdkDescriptor.Check(source, header);
    }

    public override long Length => header.CapacitySectors * VmdkHeader.SectorSize;

    public override int Unit => header.GrainSize;

    /// <summary>Refuses directories whose entries cannot all have a grain table of their own.</summary>
    public override void CheckMap(CancellationToken cancellationToken)
    {
        var tables = 0L;
        for (var index = 0L; index < header.DirectoryEntries; index++)
        {
            tables += ReadDirectory(index) == 0 ? 0 : 1;
        }

        if (tables * header.TableEntries * sizeof(uint) > Source.Length)
        {
            throw DiskImageException.Damaged($"The VMDK grain directory names {tables} grain tables, more than fit into the file's {Source.Length} bytes.");
        }

        base.CheckMap(cancellationToken);
    }

    protected override Run Locate(long offset)
    {
        var table = ReadDirectory(offset / header.TableReach);
        if (table == 0)
        {
            return Run.Hole(header.TableReach - (offset % header.TableReach));
        }

        var within = offset % header.GrainSize;
        var length = header.GrainSize - within;
        var sector = Tables.ReadUInt32LittleEndian(table + (offset % header.TableReach / header.GrainSize * sizeof(uint)));
        if (sector == 0 || (sector == ZeroedGrain && header.Flags.HasFlag(VmdkFlags.ZeroedGrains)))
        {
            return Run.Hole(length);
        }

        var start = (long)sector * VmdkHeader.SectorSize;
        if (start > Source.Length - MarkerLength)
        {
            throw DiskImageException.Damaged($"A VMDK grain is stored at sector {sector}, behind the end of the file of {Source.Length} bytes.");
        }

        return header.IsCompressed ? Run.Packed(length, start, 0) : Run.Plain(length, start + within);
    }

    /// <summary>Reads a grain with its marker: the first sector, the length of the packed data, the data ("Grain Marker").</summary>
    protected override void ReadUnit(Run run, Span<byte> unit, int needed, long offset)
    {
        Span<byte> marker = stackalloc byte[MarkerLength];
        Source.Read(marker, run.Start);
        var sector = BinaryPrimitives.ReadUInt64LittleEndian(marker);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(marker[8..]);
        if (sector != (ulong)(offset / VmdkHeader.SectorSize) || length > 2 * header.GrainSize || length > Source.Length - run.Start - MarkerLength)
        {
            throw DiskImageException.Damaged($"The VMDK grain at {run.Start} says {length} bytes of sector {sector}; it should be sector {offset / VmdkHeader.SectorSize}.");
        }

        var packed = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            Source.Read(packed.AsSpan(0, (int)length), run.Start + MarkerLength);
            unpacker.Unpack(packed.AsSpan(0, (int)length), unit, needed);
        }
        catch (InvalidDataException exception)
        {
            throw DiskImageException.Damaged($"The VMDK grain of the disk's bytes from {offset} is damaged: {exception.Message}", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>Reads the offset of a grain table; 0 for none.</summary>
    private long ReadDirectory(long index)
    {
        var sector = Tables.ReadUInt32LittleEndian(((long)header.DirectorySector * VmdkHeader.SectorSize) + (index * sizeof(uint)));
        var offset = (long)sector * VmdkHeader.SectorSize;
        return offset <= Source.Length - (header.TableEntries * sizeof(uint))
            ? offset
            : throw DiskImageException.Damaged($"Entry {index} of the VMDK grain directory is sector {sector}, behind the end of the file of {Source.Length} bytes.");
    }
}
