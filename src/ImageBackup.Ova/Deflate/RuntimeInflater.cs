using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Deflate;

/// <summary>The .NET runtime's inflate for single blocks.</summary>
internal sealed class RuntimeInflater : BlockInflater
{
    public override unsafe void Inflate(Span<byte> stored, Span<byte> raw)
    {
        FinalBlock.CopyTo(stored[^Tail..]);
        fixed (byte* memory = &MemoryMarshal.GetReference(stored))
        {
            using var input = new UnmanagedMemoryStream(memory, stored.Length);
            using var inflate = new DeflateStream(input, CompressionMode.Decompress);
            var length = inflate.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false);
            if (length < raw.Length || inflate.ReadByte() >= 0)
            {
                throw new InvalidDataException(length < raw.Length ? $"{raw.Length} bytes expected, {length} inflated" : $"more than the expected {raw.Length} bytes");
            }
        }
    }

    public override void Dispose()
    {
    }
}
