using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ImageBackup.Disks.Unpacking;

/// <summary>zlib streams (RFC 1950), as VMDK packs grains. Their checksum is verified.</summary>
internal sealed class ZlibUnits : UnitUnpacker
{
    public override unsafe void Unpack(ReadOnlySpan<byte> packed, Span<byte> unit, int needed)
    {
        fixed (byte* memory = &MemoryMarshal.GetReference(packed))
        {
            using var input = new UnmanagedMemoryStream(memory, packed.Length);
            using var inflate = new ZLibStream(input, CompressionMode.Decompress);
            var found = inflate.ReadAtLeast(unit, unit.Length, throwOnEndOfStream: false);
            if (found < needed)
            {
                throw TooShort(found, needed);
            }

            // The checksum follows the last byte, and only a read behind that byte verifies it.
            if (inflate.ReadByte() >= 0)
            {
                throw new InvalidDataException($"it unpacks to more than {unit.Length} bytes");
            }
        }
    }

    public override void Dispose()
    {
    }
}
