using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Blocks;

/// <summary>Steps that several kinds of block work share.</summary>
internal static class BlockTools
{
    /// <summary>Tells a whole block of zeros, whose digest is known; hashes any other. Returns whether it was hashed.</summary>
    public static bool Digest(BlockSlot slot)
    {
        slot.IsZero = slot.Length == VolumeBlocks.Size && IsZero(slot.Raw);
        if (slot.IsZero)
        {
            VolumeBlocks.ZeroDigest.CopyTo(slot.Digest);
            return false;
        }

        SHA256.HashData(slot.Raw, slot.Digest);
        return true;
    }

    public static bool IsZero(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>CRC-32 of RFC 1952.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes) => Crc32.HashToUInt32(bytes);

    /// <summary>Deflates the slot's raw bytes; what does not get smaller is stored.</summary>
    public static void Deflate(BlockSlot slot, BlockDeflater deflater)
    {
        var stored = StoredDeflate.LengthOf(slot.Length);
        var length = deflater.Deflate(slot.Raw, slot.StoredRoom[..^BlockInflater.Tail]);
        slot.StoredLength = length is > 0 && length < stored ? length : StoredDeflate.Write(slot.Raw, slot.StoredRoom);
    }

    /// <summary>Inflates what was just deflated and compares: a deflater's mistake must not become an archive.</summary>
    public static void Check(BlockSlot slot, BlockInflater inflater)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(slot.Length);
        try
        {
            inflater.Inflate(slot.StoredRoom[..(slot.StoredLength + BlockInflater.Tail)], buffer.AsSpan(0, slot.Length));
            if (!slot.Raw.SequenceEqual(buffer.AsSpan(0, slot.Length)))
            {
                throw new InvalidDataException($"Block {slot.Index} was deflated to something else.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
