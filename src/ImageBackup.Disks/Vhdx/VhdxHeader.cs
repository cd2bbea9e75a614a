using System.Buffers.Binary;
using System.Numerics;

namespace ImageBackup.Disks.Vhdx;

/// <summary>The current one of a VHDX's two headers (MS-VHDX §2.2.2), checked.</summary>
internal static class VhdxHeader
{
    private const int Size = 4096;
    private const int FirstOffset = 64 << 10;
    private const int SecondOffset = 128 << 10;
    private const int ChecksumOffset = 4;

    /// <exception cref="DiskImageException">No header is valid, or the image has a log that must be replayed.</exception>
    public static void Check(DiskSource source)
    {
        Span<byte> first = stackalloc byte[Size];
        Span<byte> second = stackalloc byte[Size];
        var hasFirst = Load(source, FirstOffset, first);
        var hasSecond = Load(source, SecondOffset, second);
        if (!hasFirst && !hasSecond)
        {
            throw DiskImageException.Damaged("The VHDX has no valid header: both checksums are wrong.");
        }

        var current = !hasSecond || (hasFirst && Sequence(first) >= Sequence(second)) ? first : second;
        var version = BinaryPrimitives.ReadUInt16LittleEndian(current[66..]);
        if (version != 1)
        {
            throw DiskImageException.Unsupported($"VHDX version {version} is not supported. Version 1 is.");
        }

        if (current.Slice(48, 16).ContainsAnyExcept((byte)0))
        {
            throw DiskImageException.Unsupported(
                "The VHDX was not closed: its log must be replayed first. Attach it once in Hyper-V, or run qemu-img check -r all.");
        }
    }

    /// <summary>Reads a structure with a signature and a CRC-32C over all of it (MS-VHDX §2.2).</summary>
    /// <returns>Whether the structure is valid.</returns>
    public static bool LoadChecked(DiskSource source, long offset, Span<byte> bytes, ReadOnlySpan<byte> signature)
    {
        if (offset > source.Length - bytes.Length)
        {
            return false;
        }

        source.Read(bytes, offset);
        if (!bytes.StartsWith(signature))
        {
            return false;
        }

        var expected = BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], 0);
        return ComputeCrc32C(bytes) == expected;
    }

    internal static uint ComputeCrc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static bool Load(DiskSource source, long offset, Span<byte> bytes) => LoadChecked(source, offset, bytes, "head"u8);

    private static ulong Sequence(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
}
