using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>An uncompressed member: it shares the volume's blocks if the file system supports that, else it is a copy of the blocks that are read for hashing. Holes stay holes.</summary>
internal sealed class RawMember
{
    private readonly PackTarget target;
    private readonly bool copies;

    private RawMember(PackTarget target, bool copies)
    {
        this.target = target;
        this.copies = copies;
    }

    /// <summary>Extends the target by the length of the volume, with shared blocks or with a hole.</summary>
    public static RawMember Create(string volumePath, PackTarget target, long length)
    {
        using var source = File.OpenHandle(volumePath);
        var isShared = FileCopy.TryReflinkTo(source, target.File, target.Offset);
        if (!isShared)
        {
            RandomAccess.SetLength(target.File, target.Offset + length);
        }

        return new RawMember(target, copies: !isShared);
    }

    /// <summary>Writes a block if the member is a copy and the block is not zero. Any thread may call it.</summary>
    public void Write(BlockSlot slot)
    {
        if (copies && !slot.IsZero)
        {
            var offset = target.Offset + slot.Index * VolumeBlocks.Size;
            RandomAccess.Write(target.File, slot.Raw, offset);
            NativeFile.StartWriteback(target.File, offset, slot.Length);
        }
    }
}
