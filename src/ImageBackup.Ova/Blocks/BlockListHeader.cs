using System.Buffers.Binary;
using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Blocks;

/// <summary>
/// The header of a block list. A block list is a member of its own. For each block of a volume, it has the SHA-256 of the raw bytes and the number of stored
/// bytes. With it, blocks are inflated on every core, and an error message can name the damaged block. All numbers are little-endian.
/// <code>
/// header, 40 bytes
///    0  8  "IBBLOCKS"
///    8  4  version, 1
///   12  4  block size in bytes, 1048576
///   16  8  volume size in bytes
///   24  4  kind of the volume's member: 0 raw, 1 one gzip member
///   28  4  stored bytes before the first block (gzip: 10, its header; raw: 0)
///   32  4  stored bytes of a whole block of zeros (raw: the block size)
///   36  4  stored bytes behind the last block (gzip: 10, an empty final deflate block, CRC-32 and ISIZE; raw: 0)
/// records, in the order of the volume
///   0x01, stored length (4), SHA-256 of the raw block (32)     one block; only the volume's last block may be shorter than the block size
///   0x02, number of blocks (8)                                 a run of whole blocks of zeros
/// end
///   0x03, volume digest (32)                                   SHA-256 over the SHA-256 of every block in order, including zero blocks
/// </code>
/// The stored bytes of a block of a gzip member are deflate blocks that end at a byte boundary (with an empty stored block), refer to nothing before them and are
/// not final. A block's offset in the member is the sum of the lengths before it.
/// </summary>
internal sealed record BlockListHeader(long VolumeSize, bool IsGzip, int PrefixLength, int ZeroLength, int SuffixLength)
{
    public const int Length = 40;
    public const uint Version = 1;

    public static ReadOnlySpan<byte> Magic => "IBBLOCKS"u8;

    public static BlockListHeader ForGzip(long volumeSize) =>
        new(volumeSize, true, GzipFormat.HeaderLength, ZeroBlock.StoredLength, GzipFormat.TailLength);

    public static BlockListHeader ForRaw(long volumeSize) => new(volumeSize, false, 0, VolumeBlocks.Size, 0);

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), VolumeBlocks.Size);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), VolumeSize);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), IsGzip ? 1u : 0u);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), PrefixLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), ZeroLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(36), SuffixLength);
        return bytes;
    }

    /// <summary>Parses a header.</summary>
    /// <exception cref="InvalidOvaException">The bytes are no header of a version 1 block list.</exception>
    public static BlockListHeader Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (!bytes[..8].SequenceEqual(Magic))
        {
            throw new InvalidOvaException($"{name} is no block list: it begins with {Convert.ToHexStringLower(bytes[..8])}. Expected: IBBLOCKS");
        }

        Expect(name, "version", BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), Version);
        Expect(name, "block size", BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]), VolumeBlocks.Size);
        var volumeSize = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        var kind = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        if (volumeSize < 0 || kind > 1)
        {
            throw new InvalidOvaException($"{name} has volume size {volumeSize} and kind {kind}. Expected: a size from 0, and kind 0 (raw) or 1 (gzip)");
        }

        var template = kind == 1 ? ForGzip(volumeSize) : ForRaw(volumeSize);
        var zeroLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]);
        Expect(name, "stored bytes before the first block", BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]), (uint)template.PrefixLength);
        Expect(name, "stored bytes behind the last block", BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]), (uint)template.SuffixLength);
        var fits = kind == 1 ? zeroLength is > 0 and <= BlockSlot.MaxStoredLength : zeroLength == VolumeBlocks.Size;
        return fits ? template with { ZeroLength = zeroLength } : throw new InvalidOvaException($"{name} has a zero block of {zeroLength} stored bytes, which is not possible");
    }

    private static void Expect(string name, string field, uint found, uint expected)
    {
        if (found != expected)
        {
            throw new InvalidOvaException($"{name} has {field} {found}. Expected: {expected}");
        }
    }
}
