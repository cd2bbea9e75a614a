using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>
/// An uncompressed member: it shares the volume's blocks if the file system supports that, else it is a copy of the blocks that are read for hashing. Holes stay holes.
/// A member begins anywhere in the archive, so its blocks are written through the page cache. Those of a large member leave it soon.
/// </summary>
internal sealed class RawMember
{
    /// <summary>Bytes that may be in the page cache behind the block that is written. They are more than those of all blocks in flight.</summary>
    private const long Cached = 64L << 20;

    private readonly PackTarget target;
    private readonly long length;
    private readonly bool copies;
    private readonly bool isLarge;

    private RawMember(PackTarget target, long length, bool copies, bool isLarge)
    {
        this.target = target;
        this.length = length;
        this.copies = copies;
        this.isLarge = isLarge;
    }

    /// <summary>Extends the target by the length of the volume, with shared blocks or with a hole.</summary>
    public static RawMember Create(string volumePath, PackTarget target, long length, DataPathOptions options)
    {
        using var source = File.OpenHandle(volumePath);
        var isShared = FileCopy.TryReflinkTo(source, target.File, target.Offset);
        if (!isShared)
        {
            RandomAccess.SetLength(target.File, target.Offset + length);
        }

        return new RawMember(target, length, copies: !isShared, length >= options.DirectFrom);
    }

    /// <summary>Writes a block if the member is a copy and the block is not zero. Any thread may call it.</summary>
    public void Write(BlockSlot slot)
    {
        if (!copies || slot.IsZero)
        {
            return;
        }

        var offset = target.Offset + (slot.Index * VolumeBlocks.Size);
        RandomAccess.Write(target.File, slot.Raw, offset);
        NativeFile.StartWriteback(target.File, offset, slot.Length);
        if (isLarge && offset - Cached >= target.Offset)
        {
            NativeFile.WriteOut(target.File, offset - Cached, VolumeBlocks.Size);
        }
    }

    /// <summary>Call it when all blocks are written. The caller flushes the file.</summary>
    public void Finish()
    {
        if (copies && isLarge)
        {
            NativeFile.WriteOut(target.File, target.Offset, length);
        }
    }
}
