using System.Buffers.Binary;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Writes a block list while its volume is packed. A run of zero blocks becomes one record.</summary>
internal sealed class BlockListWriter : IDisposable
{
    public const byte Block = 1;
    public const byte ZeroRun = 2;
    public const byte End = 3;

    private readonly HashedFile file;
    private readonly VolumeDigest digest = new();
    private long zeros;

    public BlockListWriter(PackTarget target, BlockListHeader header)
    {
        file = new HashedFile(target.File, target.Offset, isLarge: false);
        file.Write(header.ToBytes());
    }

    public void Add(int storedLength, ReadOnlySpan<byte> blockDigest)
    {
        WriteZeros();
        Span<byte> record = stackalloc byte[37];
        record[0] = Block;
        BinaryPrimitives.WriteInt32LittleEndian(record[1..], storedLength);
        blockDigest.CopyTo(record[5..]);
        file.Write(record);
        digest.Add(blockDigest);
    }

    public void AddZeroBlocks(long count)
    {
        zeros += count;
        digest.AddZeroBlocks(count);
    }

    /// <summary>Ends the list. The caller flushes the file.</summary>
    public (string VolumeDigest, long Length, string Sha256) Finish()
    {
        WriteZeros();
        var volumeDigest = digest.Finish();
        file.Write([End, .. volumeDigest]);
        return (Convert.ToHexStringLower(volumeDigest), file.Length, file.Finish());
    }

    public void Dispose()
    {
        file.Dispose();
        digest.Dispose();
    }

    private void WriteZeros()
    {
        if (zeros == 0)
        {
            return;
        }

        Span<byte> record = stackalloc byte[9];
        record[0] = ZeroRun;
        BinaryPrimitives.WriteInt64LittleEndian(record[1..], zeros);
        file.Write(record);
        zeros = 0;
    }
}
