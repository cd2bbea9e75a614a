using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>
/// Reads and writes an open file past the page cache (<c>O_DIRECT</c>, open(2)): large files do not evict other data from the cache, and a read tells what the disk
/// has. Ranges that are not aligned, small files, and file systems without support take the ordinary way. Any thread may call it. The caller owns the open file.
/// </summary>
internal sealed class DirectFile : IDisposable
{
    /// <summary>Offsets, lengths and addresses are multiples of this many bytes. File systems require 512 or 4096.</summary>
    public const int Alignment = 4096;

    private readonly SafeFileHandle file;
    private readonly SafeFileHandle? direct;
    private volatile bool isRefused;

    /// <param name="file">The open file.</param>
    /// <param name="access">How it was opened.</param>
    /// <param name="isLarge">False to use the page cache.</param>
    public DirectFile(SafeFileHandle file, FileAccess access, bool isLarge)
    {
        this.file = file;
        direct = isLarge ? NativeFile.ReopenDirect(file, access, Alignment) : null;
    }

    /// <summary>Whether aligned ranges are read from the disk and written to it.</summary>
    public bool IsDirect => direct is not null && !isRefused;

    /// <summary>Returns the bytes of whole units.</summary>
    public static int RoundUp(int length) => (length + Alignment - 1) / Alignment * Alignment;

    /// <summary>
    /// Reads a range into a room. An aligned room with space for whole units around the range is filled from the disk, and the range may begin behind the room's beginning.
    /// </summary>
    /// <returns>Where the range begins in the room, and its bytes: fewer than wanted only if the file ends.</returns>
    /// <exception cref="IOException">The read failed. HResult is the error number.</exception>
    public (int Start, int Length) Read(Span<byte> room, long offset, int length)
    {
        var start = (int)(offset % Alignment);
        var units = RoundUp(start + length);
        if (IsDirect && units <= room.Length && IsAligned(room))
        {
            try
            {
                return (start, Math.Clamp(FillUnits(room[..units], offset - start) - start, 0, length));
            }
            catch (IOException exception) when (exception.HResult == Libc.Einval)
            {
                isRefused = true;
            }
        }

        return (0, Fill(room[..length], offset));
    }

    /// <summary>Writes bytes. Whole units are written to the disk if they lie alike in memory and in the file, everything else to the page cache.</summary>
    /// <exception cref="IOException">The disk refuses. HResult is the error number.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        var head = (int)Math.Min(bytes.Length, (Alignment - (offset % Alignment)) % Alignment);
        var units = (bytes.Length - head) / Alignment * Alignment;
        if (units == 0 || !IsDirect || !IsAligned(bytes[head..]) || !TryWriteUnits(bytes.Slice(head, units), offset + head))
        {
            WritePlainly(bytes, offset);
            return;
        }

        WritePlainly(bytes[..head], offset);
        WritePlainly(bytes[(head + units)..], offset + head + units);
    }

    public void Dispose() => direct?.Dispose();

    private static unsafe bool IsAligned(ReadOnlySpan<byte> bytes) =>
        (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)) % Alignment == 0;

    private bool TryWriteUnits(ReadOnlySpan<byte> units, long offset)
    {
        try
        {
            RandomAccess.Write(direct!, units, offset);
            return true;
        }
        catch (IOException exception) when (exception.HResult == Libc.Einval)
        {
            isRefused = true;
            return false;
        }
    }

    private void WritePlainly(ReadOnlySpan<byte> bytes, long offset)
    {
        if (!bytes.IsEmpty)
        {
            RandomAccess.Write(file, bytes, offset);
        }
    }

    /// <summary>Reads whole units from the disk. Only at the end of the file, a part of a unit is returned.</summary>
    private int FillUnits(Span<byte> room, long offset)
    {
        var done = 0;
        while (done < room.Length && done % Alignment == 0 && RandomAccess.Read(direct!, room[done..], offset + done) is > 0 and var count)
        {
            done += count;
        }

        return done;
    }

    private int Fill(Span<byte> room, long offset)
    {
        var done = 0;
        while (done < room.Length && RandomAccess.Read(file, room[done..], offset + done) is > 0 and var count)
        {
            done += count;
        }

        return done;
    }
}
