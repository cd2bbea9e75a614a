using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>Finds zeros in data and keeps them out of files.</summary>
public static class Zeros
{
    private static readonly byte[] Bytes = new byte[1 << 20];

    /// <summary>1 MiB of zeros.</summary>
    internal static ReadOnlySpan<byte> Block => Bytes;

    /// <summary>Returns whether every byte is zero.</summary>
    public static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    /// <summary>Writes the pieces that are not zero. The others stay holes of a new file.</summary>
    /// <param name="file">A file that has no data in the range yet.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offset">Where they belong in the file.</param>
    /// <param name="piece">Bytes of a piece, counted from the first byte given. The last piece may be shorter.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="IOException">The disk refuses; HResult is the error number.</exception>
    public static long WriteData(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset, int piece) =>
        WriteData(bytes, offset, piece, (data, at) => RandomAccess.Write(file, data, at));

    /// <summary>Writes the pieces that are not zero. The others stay holes of a new file.</summary>
    internal static long WriteData(DirectFile file, ReadOnlySpan<byte> bytes, long offset, int piece) => WriteData(bytes, offset, piece, file.Write);

    private static long WriteData(ReadOnlySpan<byte> bytes, long offset, int piece, Writer write)
    {
        var written = 0L;
        for (var start = NextPiece(bytes, 0, piece, zero: false); start < bytes.Length;)
        {
            var end = NextPiece(bytes, start, piece, zero: true);
            write(bytes[start..end], offset + start);
            written += end - start;
            start = NextPiece(bytes, end, piece, zero: false);
        }

        return written;
    }

    /// <summary>Hashes zeros.</summary>
    internal static void AppendTo(IncrementalHash hash, long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = (int)Math.Min(count, Bytes.Length);
            hash.AppendData(Bytes, 0, part);
            count -= part;
        }
    }

    private delegate void Writer(ReadOnlySpan<byte> bytes, long offset);

    private static int NextPiece(ReadOnlySpan<byte> bytes, int offset, int piece, bool zero)
    {
        while (offset < bytes.Length && IsZero(bytes[offset..Math.Min(bytes.Length, offset + piece)]) != zero)
        {
            offset = Math.Min(bytes.Length, offset + piece);
        }

        return offset;
    }
}
