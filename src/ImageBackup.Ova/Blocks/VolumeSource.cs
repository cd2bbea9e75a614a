using ImageBackup.Ova.IO;
using ImageBackup.Ova.Tar;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Blocks;

/// <summary>Raw bytes in a file, read in blocks. Holes are not read.</summary>
internal sealed class VolumeSource : IBlockSource, IDisposable
{
    private readonly SafeFileHandle file;
    private readonly DirectFile direct;
    private readonly FileRegion region;
    private readonly SparseSource? sparse;
    private long next;
    private long nextData = -1;

    /// <summary>Opens a region of a file.</summary>
    /// <param name="region">The region.</param>
    /// <param name="isLarge">True to read past the page cache.</param>
    /// <exception cref="InvalidOvaException">The file ends before the region does.</exception>
    public VolumeSource(FileRegion region, bool isLarge)
    {
        this.region = region;
        sparse = region.SparseEntry is null ? null : (SparseSource)MemberSource.Open(region);
        file = File.OpenHandle(region.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        direct = new DirectFile(file, FileAccess.Read, isLarge && sparse is null);
        if (sparse is null && RandomAccess.GetLength(file) - region.Offset < region.Length)
        {
            var found = RandomAccess.GetLength(file);
            Dispose();
            throw new InvalidOvaException($"{region.Path} ends at byte {found}, before the end of the volume at byte {region.Offset + region.Length}");
        }
    }

    /// <summary>Bytes of the volume.</summary>
    public long Length => region.Length;

    /// <summary>Opens a whole file.</summary>
    public static VolumeSource Open(string path, DataPathOptions options)
    {
        var length = new FileInfo(path).Length;
        return new VolumeSource(new FileRegion(path, 0, length), length >= options.DirectFrom);
    }

    /// <summary>Describes the next block, or the next run of whole blocks in a hole. Returns false at the end.</summary>
    public ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        if (next >= VolumeBlocks.CountOf(Length))
        {
            return ValueTask.FromResult(false);
        }

        var start = next * VolumeBlocks.Size;
        if (nextData < start)
        {
            nextData = NextData(start);
        }

        var hole = nextData / VolumeBlocks.Size - next;
        slot.Index = next;
        slot.IsZero = hole > 0;
        slot.Count = Math.Max(1, hole);
        slot.Length = VolumeBlocks.LengthOf(next, Length);
        next += slot.Count;
        slot.Progress = Math.Min(Length, next * VolumeBlocks.Size);
        return ValueTask.FromResult(true);
    }

    /// <summary>Reads a block. Holes in it become zeros without being read. Any thread may call it.</summary>
    public void Read(BlockSlot slot)
    {
        var start = slot.Index * VolumeBlocks.Size;
        var raw = slot.Raw;
        for (var done = 0; done < raw.Length;)
        {
            var data = (int)Math.Min(raw.Length, NextData(start + done) - start);
            raw[done..data].Clear();
            done = data;
            if (done < raw.Length)
            {
                var hole = (int)Math.Min(raw.Length, NextHole(start + done) - start);
                ReadExactly(slot, done, hole);
                done = hole;
            }
        }
    }

    public void Dispose()
    {
        sparse?.Dispose();
        direct.Dispose();
        file.Dispose();
    }

    private long NextHole(long offset) => sparse?.NextHole(offset) ?? NativeFile.NextHole(file, region.Offset + offset) - region.Offset;

    private long NextData(long offset) => sparse?.NextData(offset) ?? Math.Min(Length, NativeFile.NextData(file, region.Offset + offset) - region.Offset);

    /// <summary>Reads a part of a block. Where the region is not aligned, whole units around the part are read into the other room of the slot.</summary>
    private void ReadExactly(BlockSlot slot, int from, int to)
    {
        var offset = (slot.Index * VolumeBlocks.Size) + from;
        if (sparse is not null)
        {
            sparse.Read(slot.Raw[from..to], offset);
            return;
        }

        var isAligned = region.Offset % DirectFile.Alignment == 0;
        var room = isAligned ? slot.RawRoom[from..] : slot.StoredRoom;
        var (start, length) = direct.Read(room, region.Offset + offset, to - from);
        if (length < to - from)
        {
            throw new EndOfStreamException($"{region.Path} became shorter while it was read: it ends at byte {region.Offset + offset + length}");
        }

        if (!isAligned)
        {
            room.Slice(start, length).CopyTo(slot.Raw[from..]);
        }
    }
}
