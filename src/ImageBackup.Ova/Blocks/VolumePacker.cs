using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Packs a raw volume as a member of an archive. The volume is read once.</summary>
public static class VolumePacker
{
    /// <summary>
    /// Writes the member, which is one gzip member or the raw bytes, and its block list to files of their own, and flushes both to disk. The volume must not
    /// change meanwhile.
    /// </summary>
    /// <param name="volumePath">Path of the raw volume. Holes are not read.</param>
    /// <param name="memberPath">Path of the member. An existing file or link of that name is removed, never written to.</param>
    /// <param name="blockListPath">Path of the block list. An existing file is replaced.</param>
    /// <param name="compression">How the member is stored.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Receives the volume's bytes done.</param>
    /// <param name="cancellationToken">Stops the work within a block.</param>
    /// <exception cref="IOException">A file cannot be read or written. Both new files are deleted after any exception.</exception>
    public static async Task<PackedVolume> PackAsync(
        string volumePath,
        string memberPath,
        string blockListPath,
        OvaCompression compression,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(memberPath);
            File.Delete(blockListPath);
            using var member = File.OpenHandle(memberPath, FileMode.CreateNew, FileAccess.Write);
            using var list = File.OpenHandle(blockListPath, FileMode.CreateNew, FileAccess.Write);
            var packed = await PackAsync(volumePath, new PackTarget(member, 0), new PackTarget(list, 0), compression, options, progress, cancellationToken);
            RandomAccess.FlushToDisk(member);
            RandomAccess.FlushToDisk(list);
            return packed;
        }
        catch
        {
            File.Delete(memberPath);
            File.Delete(blockListPath);
            throw;
        }
    }

    /// <summary>Writes the member and its block list to the ends of open files. The caller flushes them.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    internal static async Task<PackedVolume> PackAsync(
        string volumePath,
        PackTarget member,
        PackTarget blockList,
        OvaCompression compression,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        using var volume = VolumeSource.Open(volumePath, options);
        var isGzip = compression != OvaCompression.None;
        using var list = new BlockListWriter(blockList, isGzip ? BlockListHeader.ForGzip(volume.Length) : BlockListHeader.ForRaw(volume.Length));
        var (size, sha256) = isGzip
            ? await PackGzipAsync(volume, member, list, compression, options, progress, cancellationToken)
            : await PackRawAsync(volume, volumePath, member, list, options, progress, cancellationToken);
        var (digest, listLength, listSha256) = list.Finish();
        return new PackedVolume
        {
            VolumeSize = volume.Length,
            StoredSize = size,
            StoredSha256 = sha256,
            VolumeDigest = digest,
            BlockListSize = listLength,
            BlockListSha256 = listSha256,
        };
    }

    private static async Task<(long Size, string Sha256)> PackGzipAsync(
        VolumeSource volume,
        PackTarget target,
        BlockListWriter list,
        OvaCompression compression,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        using var member = new HashedFile(target.File, target.Offset, volume.Length >= options.DirectFrom);
        using var work = new GzipPackWork(volume, member, list, compression, options, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        work.Finish();
        return (member.Length, member.Finish());
    }

    private static async Task<(long Size, string Sha256)> PackRawAsync(
        VolumeSource volume,
        string volumePath,
        PackTarget target,
        BlockListWriter list,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        var member = RawMember.Create(volumePath, target, volume.Length, options);
        using var work = new RawPackWork(volume, member, list, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        member.Finish();
        return (volume.Length, work.FinishSha256());
    }
}
