using System.Buffers.Binary;
using ImageBackup.Disks.Reading;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Disks.Qcow2;

/// <summary>
/// Writes a disk as qcow2, version 3, without compression (QEMU docs/interop/qcow2). The file holds, in clusters of 64 KiB: the header, the L1 table, data and L2 tables as they
/// come, the reference counts. Each cluster is used once. Clusters of zeros are left out.
/// </summary>
public sealed class Qcow2Writer
{
    private const int ClusterBits = 16;
    private const int ClusterSize = 1 << ClusterBits;
    private const int TableEntries = ClusterSize / sizeof(ulong);
    private const long TableReach = (long)TableEntries * ClusterSize;
    private const int CountsPerBlock = ClusterSize / sizeof(ushort);
    private const int SectorSize = 512;
    private const ulong Copied = 1UL << 63;

    private readonly SafeFileHandle target;
    private readonly long size;
    private readonly byte[] table = new byte[ClusterSize];
    private long tableIndex = -1;

    /// <summary>Clusters that are used so far.</summary>
    private long clusters;

    private Qcow2Writer(SafeFileHandle target, long length)
    {
        this.target = target;
        size = (length + SectorSize - 1) / SectorSize * SectorSize;
        clusters = 1 + ClustersFor(TableCount * sizeof(ulong));
    }

    private long TableCount => (size + TableReach - 1) / TableReach;

    /// <summary>Writes a disk into an empty file. A length that is no multiple of 512 is rounded up. The caller flushes.</summary>
    /// <param name="progress">Told how many bytes of the disk are done.</param>
    /// <exception cref="DiskImageException">The disk is damaged.</exception>
    public static async Task WriteAsync(DiskSource disk, SafeFileHandle target, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var writer = new Qcow2Writer(target, disk.Length);
        await foreach (var chunk in ReadAhead.RunAsync(disk, _ => { }, cancellationToken))
        {
            writer.Write(chunk);
            progress?.Report(chunk.Offset + chunk.Length);
        }

        writer.Finish();
    }

    private static long ClustersFor(long bytes) => (bytes + ClusterSize - 1) / ClusterSize;

    /// <summary>Writes the clusters of a piece, those that follow each other at once.</summary>
    private void Write(DiskChunk chunk)
    {
        var data = chunk.Data.Span;
        for (var start = Zeros.NextPiece(data, 0, ClusterSize, zero: false); start < data.Length;)
        {
            var end = Zeros.NextPiece(data, start, ClusterSize, zero: true);
            UseTable((chunk.Offset + start) / TableReach);
            RandomAccess.Write(target, data[start..end], clusters << ClusterBits);
            for (; start < end; start += ClusterSize)
            {
                var entry = (chunk.Offset + start) / ClusterSize % TableEntries;
                BinaryPrimitives.WriteUInt64BigEndian(table.AsSpan((int)entry * sizeof(ulong)), ((ulong)clusters++ << ClusterBits) | Copied);
            }

            start = Zeros.NextPiece(data, end, ClusterSize, zero: false);
        }
    }

    /// <summary>Begins an L2 table when the data reaches it. Pieces never cross the reach of a table.</summary>
    private void UseTable(long index)
    {
        if (index != tableIndex)
        {
            EndTable();
            tableIndex = index;
        }
    }

    private void EndTable()
    {
        if (tableIndex < 0)
        {
            return;
        }

        Span<byte> entry = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(entry, ((ulong)clusters << ClusterBits) | Copied);
        RandomAccess.Write(target, entry, ClusterSize + (tableIndex * sizeof(ulong)));
        RandomAccess.Write(target, table, clusters++ << ClusterBits);
        table.AsSpan().Clear();
    }

    private void Finish()
    {
        EndTable();
        var (blocks, tables) = CountReferenceClusters();
        var total = clusters + blocks + tables;
        var firstBlock = clusters;
        var block = new byte[ClusterSize];
        for (var i = 0L; i < blocks; i++)
        {
            var used = (int)Math.Min(CountsPerBlock, total - (i * CountsPerBlock));
            block.AsSpan().Clear();
            for (var count = 0; count < used; count++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(count * sizeof(ushort)), 1);
            }

            RandomAccess.Write(target, block, (firstBlock + i) << ClusterBits);
            BinaryPrimitives.WriteInt64BigEndian(block, (firstBlock + i) << ClusterBits);
            RandomAccess.Write(target, block.AsSpan(0, sizeof(ulong)), ((firstBlock + blocks) << ClusterBits) + (i * sizeof(ulong)));
        }

        RandomAccess.SetLength(target, total << ClusterBits);
        WriteHeader((firstBlock + blocks) << ClusterBits, (int)tables);
    }

    /// <summary>Counts the clusters of the reference count blocks and of their table, which are counted themselves.</summary>
    private (long Blocks, long Tables) CountReferenceClusters()
    {
        var (blocks, tables) = (0L, 0L);
        while (true)
        {
            var neededBlocks = (clusters + blocks + tables + CountsPerBlock - 1) / CountsPerBlock;
            var neededTables = ClustersFor(neededBlocks * sizeof(ulong));
            if (neededBlocks == blocks && neededTables == tables)
            {
                return (blocks, tables);
            }

            (blocks, tables) = (neededBlocks, neededTables);
        }
    }

    private void WriteHeader(long referenceTable, int referenceTableClusters)
    {
        var header = new byte[Qcow2Header.Version3Length + 8]; // an empty list of extensions follows
        "QFI"u8.CopyTo(header);
        header[3] = 0xfb;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 3);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(20), ClusterBits);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(24), size);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(36), (int)TableCount);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(40), ClusterSize);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(48), referenceTable);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(56), referenceTableClusters);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(96), 4); // reference counts of 16 bits
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(100), Qcow2Header.Version3Length);
        RandomAccess.Write(target, header, 0);
    }
}
