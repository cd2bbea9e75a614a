using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Deflate;

/// <summary>
/// libdeflate's deflate. libdeflate writes only whole streams, whose last block is final. This class clears that block's final bit and appends an empty stored
/// block (RFC 1951 §3.2.4), which ends the data at a byte boundary, as zlib's flush does.
/// </summary>
internal sealed unsafe class LibdeflateDeflater : BlockDeflater
{
    private const int FlushRoom = 8;
    private readonly DeflateScanner scanner = new();
    private nint compressor = Libdeflate.AllocCompressor(Libdeflate.Level);

    public override int Deflate(ReadOnlySpan<byte> raw, Span<byte> stored)
    {
        ObjectDisposedException.ThrowIf(compressor == 0, this);
        int length;
        fixed (byte* input = &MemoryMarshal.GetReference(raw), output = &MemoryMarshal.GetReference(stored))
        {
            length = (int)Libdeflate.Compress(compressor, input, (nuint)raw.Length, output, (nuint)(stored.Length - FlushRoom));
        }

        return length == 0 ? 0 : Continue(raw.Length, length, stored);
    }

    public override void Dispose()
    {
        if (compressor != 0)
        {
            Libdeflate.FreeCompressor(compressor);
            compressor = 0;
        }
    }

    private int Continue(int rawLength, int length, Span<byte> stored)
    {
        var (finalBit, endBit, scanned) = scanner.Scan(stored[..length]);
        if (scanned != rawLength)
        {
            throw new InvalidDataException($"libdeflate deflated {rawLength} bytes to a stream of {scanned} bytes");
        }

        stored[(int)(finalBit / 8)] &= (byte)~(1 << (int)(finalBit % 8));

        // Three zero bits begin a stored block that is not final. The rest of their byte is unused.
        var aligned = (int)((endBit + 3 + 7) / 8);
        stored[length..aligned].Clear();
        ReadOnlySpan<byte> empty = [0, 0, 0xff, 0xff];
        empty.CopyTo(stored[aligned..]);
        return aligned + empty.Length;
    }
}
