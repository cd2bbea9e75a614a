using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Blocks;

/// <summary>A raw volume being restored: all hole at first; only pieces that are not zero are written, from any thread.</summary>
internal sealed class TargetVolume : IDisposable
{
    private const int Piece = 64 << 10;
    private const int WritebackBlocks = 8;
    private readonly SafeFileHandle file;
    private long written;

    public TargetVolume(string path, long capacity)
    {
        file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        try
        {
            RandomAccess.SetLength(file, capacity);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public long Written => Interlocked.Read(ref written);

    public void Write(BlockSlot slot)
    {
        if (slot.IsZero)
        {
            return;
        }

        var raw = slot.Raw;
        for (var start = NextPiece(raw, 0, zero: false); start < raw.Length;)
        {
            var end = NextPiece(raw, start, zero: true);
            RandomAccess.Write(file, raw[start..end], (slot.Index * VolumeBlocks.Size) + start);
            Interlocked.Add(ref written, end - start);
            start = NextPiece(raw, end, zero: false);
        }

        // Whoever ends a group hands it over; a neighbour that is late is left to the flush.
        if ((slot.Index + 1) % WritebackBlocks == 0)
        {
            NativeFile.StartWriteback(file, (slot.Index + 1 - WritebackBlocks) * VolumeBlocks.Size, WritebackBlocks * VolumeBlocks.Size);
        }
    }

    public void Sync() => RandomAccess.FlushToDisk(file);

    public void Dispose() => file.Dispose();

    /// <summary>Start of the first piece from an offset on that is all zeros, or is not.</summary>
    private static int NextPiece(ReadOnlySpan<byte> raw, int offset, bool zero)
    {
        while (offset < raw.Length && BlockTools.IsZero(raw[offset..Math.Min(raw.Length, offset + Piece)]) != zero)
        {
            offset = Math.Min(raw.Length, offset + Piece);
        }

        return offset;
    }
}
