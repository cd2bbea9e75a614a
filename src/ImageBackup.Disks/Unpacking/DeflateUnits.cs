using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ImageBackup.Disks.Unpacking;

/// <summary>Raw deflate (RFC 1951), as qcow2 packs clusters.</summary>
internal sealed class DeflateUnits : UnitUnpacker
{
    public override unsafe void Unpack(ReadOnlySpan<byte> packed, Span<byte> unit, int needed)
    {
        fixed (byte* memory = &MemoryMarshal.GetReference(packed))
        {
            using var input = new UnmanagedMemoryStream(memory, packed.Length);
            using var inflate = new DeflateStream(input, CompressionMode.Decompress);
            var found = inflate.ReadAtLeast(unit, unit.Length, throwOnEndOfStream: false);
            if (found < needed)
            {
                throw TooShort(found, needed);
            }
        }
    }

    public override void Dispose()
    {
    }
}
