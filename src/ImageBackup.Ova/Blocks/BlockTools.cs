using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.Deflate.Coding;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Steps shared by several kinds of block work.</summary>
internal static class BlockTools
{
    /// <summary>Hashes the block, unless it is a whole block of zeros, whose digest is known. Returns false for such a block.</summary>
    public static bool Digest(BlockSlot slot)
    {
        slot.IsZero = slot.Length == VolumeBlocks.Size && Zeros.IsZero(slot.Raw);
        if (slot.IsZero)
        {
            VolumeBlocks.ZeroDigest.CopyTo(slot.Digest);
            return false;
        }

        SHA256.HashData(slot.Raw, slot.Digest);
        return true;
    }

    /// <summary>Returns the CRC-32 of RFC 1952.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes) => Crc32.HashToUInt32(bytes);

    /// <summary>Deflates the slot's raw bytes. Bytes that do not get smaller are stored uncompressed.</summary>
    public static void Deflate(BlockSlot slot, BlockDeflater deflater)
    {
        var stored = StoredDeflate.LengthOf(slot.Length);
        var length = deflater.Deflate(slot.Raw, slot.StoredRoom[..^BlockInflater.Tail]);
        slot.StoredLength = length is > 0 && length < stored ? length : StoredDeflate.Write(slot.Raw, slot.StoredRoom);
    }

    /// <summary>Inflates the deflated bytes and compares, so that an error of a deflater does not get into an archive.</summary>
    /// <exception cref="InvalidDataException">The bytes differ.</exception>
    public static void Check(BlockSlot slot, BlockInflater inflater)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(slot.Length);
        try
        {
            inflater.Inflate(slot.StoredAndTail, buffer.AsSpan(0, slot.Length));
            if (!slot.Raw.SequenceEqual(buffer.AsSpan(0, slot.Length)))
            {
                throw new InvalidDataException($"Block {slot.Index} differs after deflating and inflating.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
