using System.Buffers.Binary;
using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Blocks;

/// <summary>
/// What a block list's header says. A block list lies beside a volume's member and tells, block by block, the digest of the raw bytes and the length of the stored
/// ones, so that blocks can be inflated on every core, and one that rotted is named. All numbers are little-endian.
/// <code>
/// header, 40 bytes
///    0  8  "IBBLOCKS"
///    8  4  version, 1
///   12  4  block size in bytes, 1048576
///   16  8  volume size in bytes
///   24  4  kind of the member: 0 raw, 1 one gzip member
///   28  4  stored bytes before the first block (gzip: its header, 10; raw: 0)
///   32  4  stored bytes of a whole block of zeros (raw: the block size)
///   36  4  stored bytes behind the last block (gzip: an empty final deflate block, CRC-32 and ISIZE, 10; raw: 0)
/// then, in the order of the volume, records
///   0x01, stored length (4), SHA-256 of the raw block (32)     one block; the volume's last one may be shorter than the block size
///   0x02, number of blocks (8)                                 a run of whole blocks of zeros
/// and at the end
///   0x03, volume digest (32)                                   SHA-256 over the SHA-256 of every block in turn, zero blocks included
/// </code>
/// A gzip member's blocks are deflate blocks that end at a byte (each by an empty stored block), refer to nothing before them and are not final; a block's place in the member is the sum of the lengths before it.
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

    /// <exception cref="InvalidOvaException">This is no header of a block list that this version reads.</exception>
    public static BlockListHeader Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (!bytes[..8].SequenceEqual(Magic))
        {
            throw new InvalidOvaException($"{name} is no block list: it begins with {Convert.ToHexStringLower(bytes[..8])}, not with IBBLOCKS");
        }

        Expect(name, "version", BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), Version);
        Expect(name, "block size", BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]), VolumeBlocks.Size);
        var volumeSize = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        var kind = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        if (volumeSize < 0 || kind > 1)
        {
            throw new InvalidOvaException($"{name}: volume size {volumeSize} and kind {kind}, where a size and kind 0 (raw) or 1 (gzip) are expected");
        }

        var template = kind == 1 ? ForGzip(volumeSize) : ForRaw(volumeSize);
        var zeroLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]);
        Expect(name, "stored bytes before the first block", BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]), (uint)template.PrefixLength);
        Expect(name, "stored bytes behind the last block", BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]), (uint)template.SuffixLength);
        var fits = kind == 1 ? zeroLength is > 0 and <= BlockSlot.MaxStoredLength : zeroLength == VolumeBlocks.Size;
        return fits ? template with { ZeroLength = zeroLength } : throw new InvalidOvaException($"{name}: a zero block of {zeroLength} stored bytes");
    }

    private static void Expect(string name, string field, uint found, uint expected)
    {
        if (found != expected)
        {
            throw new InvalidOvaException($"{name}: {field} is {found}, and {expected} is what this version reads");
        }
    }
}
