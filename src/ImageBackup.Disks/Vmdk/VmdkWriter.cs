using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ImageBackup.Disks.Reading;

namespace ImageBackup.Disks.Vmdk;

/// <summary>
/// Writes a disk as a stream-optimized VMDK, the form that OVF packages hold (Virtual Disk Format 5.0, "Stream-Optimized Compressed Sparse Extents"), from its first byte to its
/// last. Grains of zeros are left out; the others are compressed on several threads.
/// </summary>
public sealed class VmdkWriter
{
    private const int SectorSize = VmdkHeader.SectorSize;
    private const int GrainSectors = 128;
    private const int GrainSize = GrainSectors * SectorSize;
    private const int TableEntries = 512;
    private const long TableReach = (long)TableEntries * GrainSize;
    private const int DescriptorSectors = 20;
    private const int OverheadSectors = 128;
    private const int MarkerLength = 12;
    private const uint TableMarker = 1;
    private const uint DirectoryMarker = 2;
    private const uint FooterMarker = 3;

    private readonly Stream target;
    private readonly long sectors;
    private readonly string name;
    private readonly byte[] table = new byte[TableEntries * sizeof(uint)];
    private readonly byte[] directory;
    private long tableIndex = -1;
    private long position;

    private VmdkWriter(Stream target, long length, string name)
    {
        if (name.Length > 255 || name.Any(character => character == '"' || char.IsControl(character)))
        {
            throw new ArgumentException($"{SafeText.Quote(name)} cannot stand in a VMDK descriptor.", nameof(name));
        }

        this.target = target;
        this.name = name;
        sectors = (length + SectorSize - 1) / SectorSize;
        directory = new byte[((sectors * SectorSize) + TableReach - 1) / TableReach * sizeof(uint)];
    }

    /// <summary>Writes a disk. A length that is no multiple of 512 is rounded up.</summary>
    /// <param name="name">The file name that the descriptor gives the disk.</param>
    /// <param name="level">How hard grains are compressed.</param>
    /// <param name="progress">Told how many bytes of the disk are done.</param>
    /// <exception cref="DiskImageException">The disk is damaged, or the file grows beyond the 2 TiB that VMDK can address.</exception>
    public static async Task WriteAsync(
        DiskSource disk, Stream target, string name, CompressionLevel level, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var writer = new VmdkWriter(target, disk.Length, name);
        await writer.WriteHeadAsync(cancellationToken);
        await foreach (var chunk in ReadAhead.RunAsync(disk, chunk => Pack(chunk, level), cancellationToken))
        {
            await writer.WriteAsync(chunk, cancellationToken);
            progress?.Report(chunk.Offset + chunk.Length);
        }

        await writer.FinishAsync(cancellationToken);
    }

    /// <summary>Packs the grains of a piece, each behind its marker and padded to whole sectors.</summary>
    private static void Pack(DiskChunk chunk, CompressionLevel level)
    {
        var data = chunk.Data.Span;
        var last = new byte[data.Length % GrainSize == 0 ? 0 : GrainSize];
        for (var start = 0; start < data.Length; start += GrainSize)
        {
            var grain = data[start..Math.Min(data.Length, start + GrainSize)];
            if (Zeros.IsZero(grain))
            {
                continue;
            }

            if (grain.Length < GrainSize)
            {
                grain.CopyTo(last);
                grain = last;
            }

            PackGrain(chunk.Output, (chunk.Offset + start) / SectorSize, grain, level);
        }
    }

    private static void PackGrain(MemoryStream output, long sector, ReadOnlySpan<byte> grain, CompressionLevel level)
    {
        var start = output.Position;
        output.SetLength(start + MarkerLength);
        output.Position += MarkerLength;
        using (var zlib = new ZLibStream(output, level, leaveOpen: true))
        {
            zlib.Write(grain);
        }

        var marker = output.GetBuffer().AsSpan((int)start);
        BinaryPrimitives.WriteInt64LittleEndian(marker, sector);
        BinaryPrimitives.WriteInt32LittleEndian(marker[8..], (int)(output.Position - start) - MarkerLength);
        output.SetLength(RoundUp(output.Length));
        output.Position = output.Length;
    }

    private static long RoundUp(long length) => (length + SectorSize - 1) / SectorSize * SectorSize;

    private async Task WriteHeadAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(Header(VmdkHeader.DirectoryAtEnd), cancellationToken);
        await WriteAsync(Describe(), cancellationToken);
        await WriteAsync(new byte[(OverheadSectors * SectorSize) - position], cancellationToken);
    }

    private async Task WriteAsync(DiskChunk chunk, CancellationToken cancellationToken)
    {
        if (chunk.Output.Length == 0)
        {
            return;
        }

        // Pieces never cross the reach of a table.
        if (chunk.Offset / TableReach != tableIndex)
        {
            await EndTableAsync(cancellationToken);
            tableIndex = chunk.Offset / TableReach;
        }

        var packed = chunk.Output.GetBuffer().AsMemory(0, (int)chunk.Output.Length);
        for (var start = 0; start < packed.Length;)
        {
            var marker = packed.Span[start..];
            var grain = BinaryPrimitives.ReadInt64LittleEndian(marker) / GrainSectors % TableEntries;
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan((int)grain * sizeof(uint)), Sector(position + start));
            start += (int)RoundUp(MarkerLength + BinaryPrimitives.ReadInt32LittleEndian(marker[8..]));
        }

        await WriteAsync(packed, cancellationToken);
    }

    private async Task EndTableAsync(CancellationToken cancellationToken)
    {
        if (tableIndex < 0)
        {
            return;
        }

        await WriteMarkerAsync(TableMarker, table.Length, cancellationToken);
        BinaryPrimitives.WriteUInt32LittleEndian(directory.AsSpan((int)tableIndex * sizeof(uint)), Sector(position));
        await WriteAsync(table, cancellationToken);
        table.AsSpan().Clear();
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        await EndTableAsync(cancellationToken);
        await WriteMarkerAsync(DirectoryMarker, directory.Length, cancellationToken);
        var directorySector = Sector(position);
        await WriteAsync(directory, cancellationToken);
        await WriteAsync(new byte[RoundUp(position) - position], cancellationToken);
        await WriteMarkerAsync(FooterMarker, SectorSize, cancellationToken);
        await WriteAsync(Header(directorySector), cancellationToken);
        await WriteAsync(new byte[SectorSize], cancellationToken); // the end-of-stream marker
    }

    private async Task WriteMarkerAsync(uint type, int length, CancellationToken cancellationToken)
    {
        var marker = new byte[SectorSize];
        BinaryPrimitives.WriteInt64LittleEndian(marker, RoundUp(length) / SectorSize);
        BinaryPrimitives.WriteUInt32LittleEndian(marker.AsSpan(12), type);
        await WriteAsync(marker, cancellationToken);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await target.WriteAsync(bytes, cancellationToken);
        position += bytes.Length;
    }

    private static uint Sector(long offset) => offset / SectorSize <= uint.MaxValue
        ? (uint)(offset / SectorSize)
        : throw DiskImageException.TooLarge("The VMDK file grows beyond 2 TiB, which its 32-bit sector numbers cannot address.");

    private byte[] Header(ulong directorySector)
    {
        var header = new byte[SectorSize];
        "KDMV"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 3);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), (uint)(VmdkFlags.NewlineTest | VmdkFlags.CompressedGrains | VmdkFlags.Markers));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), sectors);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(20), GrainSectors);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(28), 1);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(36), DescriptorSectors);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(44), TableEntries);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(56), directorySector);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(64), OverheadSectors);
        "\n \r\n"u8.CopyTo(header.AsSpan(73));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(77), 1); // deflate
        return header;
    }

    /// <summary>The geometry is the one that VMware gives SCSI disks: 255 heads, 63 sectors.</summary>
    private byte[] Describe()
    {
        var id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        var text = $"""
            # Disk DescriptorFile
            version=1
            CID={id:x8}
            parentCID=ffffffff
            createType="streamOptimized"

            # Extent description
            RW {sectors} SPARSE "{name}"

            # The Disk Data Base
            #DDB

            ddb.virtualHWVersion = "4"
            ddb.geometry.cylinders = "{(sectors + (255 * 63) - 1) / (255 * 63)}"
            ddb.geometry.heads = "255"
            ddb.geometry.sectors = "63"
            ddb.adapterType = "lsilogic"

            """.ReplaceLineEndings("\n");
        var bytes = new byte[DescriptorSectors * SectorSize];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
