using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Deflate;

/// <summary>
/// libdeflate makes whole streams only, whose last block is final. That block is found and made an ordinary one, and an empty stored block
/// (RFC 1951 §3.2.4) behind it ends the data at a byte, as zlib's flush does.
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
            throw new InvalidDataException($"libdeflate deflated {rawLength} bytes to a stream of {scanned}");
        }

        stored[(int)(finalBit / 8)] &= (byte)~(1 << (int)(finalBit % 8));

        // Three zero bits say that a stored block follows, which is not final; the rest of their byte is unused.
        var aligned = (int)((endBit + 3 + 7) / 8);
        stored[length..aligned].Clear();
        ReadOnlySpan<byte> empty = [0, 0, 0xff, 0xff];
        empty.CopyTo(stored[aligned..]);
        return aligned + empty.Length;
    }
}
