using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Blocks;

/// <summary>An uncompressed member: a clone or a hard link of the volume if the file system supports it, else a copy of the blocks that are read for hashing.</summary>
internal sealed class RawMember : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly bool copies;

    private RawMember(SafeFileHandle file, bool copies)
    {
        this.file = file;
        this.copies = copies;
    }

    public static RawMember Create(string volumePath, string memberPath, long length)
    {
        File.Delete(memberPath);
        if (TryClone(volumePath, memberPath) || TryLink(volumePath, memberPath))
        {
            return new RawMember(File.OpenHandle(memberPath), copies: false);
        }

        var member = new RawMember(File.OpenHandle(memberPath, FileMode.CreateNew, FileAccess.Write), copies: true);
        RandomAccess.SetLength(member.file, length);
        return member;
    }

    /// <summary>Writes a block if the member is a copy and the block is not zero. Any thread may call it.</summary>
    public void Write(BlockSlot slot)
    {
        if (copies && !slot.IsZero)
        {
            RandomAccess.Write(file, slot.Raw, slot.Index * VolumeBlocks.Size);
            NativeFile.StartWriteback(file, slot.Index * VolumeBlocks.Size, slot.Length);
        }
    }

    public void Sync() => RandomAccess.FlushToDisk(file);

    public void Dispose() => file.Dispose();

    private static bool TryClone(string volumePath, string memberPath)
    {
        using var source = File.OpenHandle(volumePath);
        var cloned = false;
        using (var target = File.OpenHandle(memberPath, FileMode.CreateNew, FileAccess.Write))
        {
            cloned = FileCopy.TryReflink(source, target);
        }

        if (!cloned)
        {
            File.Delete(memberPath);
        }

        return cloned;
    }

    /// <summary>Tries to create a hard link. If it fails for any reason, the volume is copied.</summary>
    private static bool TryLink(string volumePath, string memberPath) => Libc.IsUsable && Libc.Link(volumePath, memberPath) == 0;
}
