using System.IO.Hashing;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Blocks;

/// <summary>
/// A raw volume that is restored. It begins as one hole; only data that is not zero is written, by any thread. Past the page cache, each block is read from the disk
/// and compared after it was written.
/// </summary>
internal sealed class TargetVolume : IDisposable
{
    private const int Piece = 64 << 10;
    private const int WritebackBlocks = 8;
    private readonly SafeFileHandle file;
    private readonly DirectFile direct;
    private readonly string name;
    private readonly long capacity;
    private long written;
    private long compared;

    public TargetVolume(string path, RestoreExpectation expected, DataPathOptions options)
    {
        name = NameOf(expected);
        capacity = expected.Capacity;
        file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        direct = new DirectFile(file, FileAccess.ReadWrite, capacity >= options.DirectFrom);
        try
        {
            RandomAccess.SetLength(file, capacity);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Written => Interlocked.Read(ref written);

    /// <summary>Bytes of the volume that the disk has returned as they were written.</summary>
    public long Compared => Interlocked.Read(ref compared);

    /// <summary>Whether every block is compared when it is written.</summary>
    public bool IsCompared => direct.IsDirect;

    /// <summary>Returns the volume's name in messages.</summary>
    public static string NameOf(RestoreExpectation expected) => $"the volume restored from {expected.Name}";

    /// <summary>Writes a block or a run of zero blocks. The raw bytes of the slot are the same afterwards.</summary>
    /// <exception cref="InvalidOvaException">The disk returns other bytes.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Write(BlockSlot slot)
    {
        var offset = slot.Index * VolumeBlocks.Size;
        if (!slot.IsZero)
        {
            Interlocked.Add(ref written, Zeros.WriteData(direct, slot.Raw, offset, Piece));
        }

        if (direct.IsDirect)
        {
            Compare(slot, offset);
        }
        else if (!slot.IsZero && (slot.Index + 1) % WritebackBlocks == 0)
        {
            // The block that ends a group starts its write to disk. Blocks of the group that are written later wait for the flush.
            NativeFile.StartWriteback(file, (slot.Index + 1 - WritebackBlocks) * VolumeBlocks.Size, WritebackBlocks * VolumeBlocks.Size);
        }
    }

    /// <summary>Makes the volume one hole again.</summary>
    public void Clear()
    {
        RandomAccess.SetLength(file, 0);
        RandomAccess.SetLength(file, capacity);
        written = 0;
        compared = 0;
    }

    /// <summary>Flushes the volume to disk. Later reads come from there.</summary>
    public void Sync()
    {
        RandomAccess.FlushToDisk(file);
        NativeFile.DropCache(file);
    }

    public void Dispose()
    {
        direct.Dispose();
        file.Dispose();
    }

    /// <summary>Reads what the disk has, through the memory that was written. Zeros of a run must be a hole, or be read.</summary>
    private void Compare(BlockSlot slot, long offset)
    {
        var length = slot.IsZero ? slot.Count * VolumeBlocks.Size : slot.Length;
        if (slot.IsZero)
        {
            CompareZeros(slot, offset, offset + length);
        }
        else
        {
            var checksum = XxHash128.HashToUInt128(slot.Raw);
            slot.Raw.Clear();
            if (direct.Read(slot.RawRoom, offset, slot.Length) != (0, slot.Length) || XxHash128.HashToUInt128(slot.Raw) != checksum)
            {
                throw BlockErrors.OtherBytes(name, slot.Index, slot.Length);
            }
        }

        Interlocked.Add(ref compared, length);
    }

    private void CompareZeros(BlockSlot slot, long start, long end)
    {
        for (var data = NativeFile.NextData(file, start); data < end; data = NativeFile.NextData(file, data))
        {
            data -= data % VolumeBlocks.Size;
            if (direct.Read(slot.RawRoom, data, VolumeBlocks.Size) != (0, VolumeBlocks.Size) || !Zeros.IsZero(slot.RawRoom))
            {
                throw BlockErrors.OtherBytes(name, data / VolumeBlocks.Size, VolumeBlocks.Size);
            }

            data += VolumeBlocks.Size;
        }
    }
}
