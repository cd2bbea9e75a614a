using ImageBackup.Disks;

namespace ImageBackup.Ova.Tar;

/// <summary>Opens members of archives.</summary>
internal static class MemberSource
{
    /// <summary>Opens a member. The map of a sparse one is read again, because it may be long.</summary>
    /// <exception cref="InvalidOvaException">The archive is damaged.</exception>
    /// <exception cref="DiskImageException">The file ends before the member does.</exception>
    public static DiskSource Open(FileRegion member)
    {
        if (member.SparseEntry is not { } entry)
        {
            return new FileSource(member.Path, member.Offset, member.Length);
        }

        using var file = RegularFile.Open(member.Path);
        var map = new TarReader(file, maxMembers: int.MaxValue).ReadMap(entry);
        var stored = map.Pieces is [.., var last] ? last.Stored + last.Length : 0;
        return new SparseSource(new FileSource(member.Path, member.Offset, stored), map, member.Length);
    }
}
