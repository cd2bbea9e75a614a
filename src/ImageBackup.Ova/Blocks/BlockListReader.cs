using System.Buffers.Binary;
using System.Security.Cryptography;
using ImageBackup.Disks;
using ImageBackup.Ova.Tar;

namespace ImageBackup.Ova.Blocks;

/// <summary>Reads a block list record by record, in constant memory. Counts, lengths and order are checked against the volume's size.</summary>
internal sealed class BlockListReader : IDisposable
{
    private readonly FileRegion region;
    private readonly DiskSource file;
    private readonly byte[] buffer = new byte[64 << 10];
    private int position;
    private int filled;
    private long read;

    /// <summary>Opens a block list.</summary>
    /// <exception cref="InvalidOvaException">The list has no valid header.</exception>
    public BlockListReader(FileRegion region, string memberName)
    {
        this.region = region;
        Name = $"block list of {memberName}";
        file = MemberSource.Open(region);
        try
        {
            Header = BlockListHeader.Parse(Next(BlockListHeader.Length), Name);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Name { get; }

    public BlockListHeader Header { get; }

    /// <summary>Number of the record's first block.</summary>
    public long Index { get; private set; }

    /// <summary>Number of blocks of the record.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the record is a run of whole blocks of zeros.</summary>
    public bool IsZero { get; private set; }

    /// <summary>Stored bytes of each block of the record.</summary>
    public int StoredLength { get; private set; }

    /// <summary>SHA-256 of the raw block.</summary>
    public byte[] Digest { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>The volume digest in the list. It is set when <see cref="Read"/> returns false.</summary>
    public byte[] VolumeDigest { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>Reads the next record. Returns false at the end, when the list covered every block.</summary>
    /// <exception cref="InvalidOvaException">The list is damaged. The message says where.</exception>
    public bool Read()
    {
        Index += Count;
        Count = 0;
        var at = read;
        switch (Next(1)[0])
        {
            case BlockListWriter.Block:
                ReadBlock(at);
                return true;
            case BlockListWriter.ZeroRun:
                ReadZeroRun(at);
                return true;
            case BlockListWriter.End:
                ReadEnd();
                return false;
            case var unknown:
                throw Damaged(at, $"record type {unknown} is unknown");
        }
    }

    public void Dispose() => file.Dispose();

    private void ReadBlock(long at)
    {
        if (Index >= VolumeBlocks.CountOf(Header.VolumeSize))
        {
            throw Damaged(at, $"block {Index} is behind the volume's end at {Header.VolumeSize}");
        }

        var record = Next(36);
        var raw = VolumeBlocks.LengthOf(Index, Header.VolumeSize);
        StoredLength = BinaryPrimitives.ReadInt32LittleEndian(record);
        if (Header.IsGzip ? StoredLength is <= 0 or > BlockSlot.MaxStoredLength : StoredLength != raw)
        {
            throw Damaged(at, $"block {Index} has {StoredLength} stored bytes, which is not possible");
        }

        record[4..].CopyTo(Digest);
        Count = 1;
        IsZero = false;
    }

    private void ReadZeroRun(long at)
    {
        Count = BinaryPrimitives.ReadInt64LittleEndian(Next(8));
        var left = (Header.VolumeSize / VolumeBlocks.Size) - Index;
        if (Count <= 0 || Count > left)
        {
            throw Damaged(at, $"a run of {Count} zero blocks, but {Math.Max(0, left)} whole blocks are left");
        }

        VolumeBlocks.ZeroDigest.CopyTo(Digest);
        StoredLength = Header.ZeroLength;
        IsZero = true;
    }

    private void ReadEnd()
    {
        var blocks = VolumeBlocks.CountOf(Header.VolumeSize);
        if (Index != blocks)
        {
            throw Damaged(read - 1, $"it ends after {Index} blocks, but the volume of {Header.VolumeSize} bytes has {blocks}");
        }

        Next(VolumeDigest.Length).CopyTo(VolumeDigest);
        if (read != region.Length)
        {
            throw Damaged(read, $"{region.Length - read} bytes follow its end");
        }
    }

    private ReadOnlySpan<byte> Next(int count)
    {
        while (filled - position < count)
        {
            buffer.AsSpan(position, filled - position).CopyTo(buffer);
            filled -= position;
            position = 0;
            var wanted = (int)Math.Min(buffer.Length - filled, region.Length - read - filled);
            if (wanted <= 0)
            {
                throw Damaged(read + filled, "it ends within a record");
            }

            file.Read(buffer.AsSpan(filled, wanted), read + filled);
            filled += wanted;
        }

        position += count;
        read += count;
        return buffer.AsSpan(position - count, count);
    }

    private InvalidOvaException Damaged(long at, string what) => new($"{Name} is damaged at byte {at}: {what}");
}
