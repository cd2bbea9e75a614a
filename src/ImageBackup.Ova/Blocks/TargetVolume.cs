using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Blocks;

/// <summary>A raw volume that is restored. It begins as one hole; only data that is not zero is written, by any thread.</summary>
internal sealed class TargetVolume : IDisposable
{
    private const int Piece = 64 << 10;
    private const int WritebackBlocks = 8;
    private readonly SafeFileHandle file;
    private readonly long capacity;
    private long written;

    public TargetVolume(string path, long capacity)
    {
        this.capacity = capacity;
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

        Interlocked.Add(ref written, Zeros.WriteData(file, slot.Raw, slot.Index * VolumeBlocks.Size, Piece));

        // The block that ends a group starts its write to disk. Blocks of the group that are written later wait for the flush.
        if ((slot.Index + 1) % WritebackBlocks == 0)
        {
            NativeFile.StartWriteback(file, (slot.Index + 1 - WritebackBlocks) * VolumeBlocks.Size, WritebackBlocks * VolumeBlocks.Size);
        }
    }

    /// <summary>Makes the volume one hole again.</summary>
    public void Clear()
    {
        RandomAccess.SetLength(file, 0);
        RandomAccess.SetLength(file, capacity);
        written = 0;
    }

    public void Sync() => RandomAccess.FlushToDisk(file);

    public void Dispose() => file.Dispose();
}
