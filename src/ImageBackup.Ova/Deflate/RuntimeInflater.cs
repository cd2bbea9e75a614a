using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Deflate;

/// <summary>The runtime's inflate, a fresh raw stream a block.</summary>
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
                throw new InvalidDataException(length < raw.Length ? $"{length} bytes where {raw.Length} were expected" : "more data than announced");
            }
        }
    }

    public override void Dispose()
    {
    }
}
