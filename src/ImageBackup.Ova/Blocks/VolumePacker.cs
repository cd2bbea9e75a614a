using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Packs a raw volume as a member of an archive. The volume is read once.</summary>
public static class VolumePacker
{
    /// <summary>
    /// Writes the member, which is one gzip member or the raw bytes, and its block list, and flushes both to disk. The volume must not change meanwhile. It must
    /// not change afterwards, either, while an uncompressed member exists: the member may share the volume's blocks or be the same file.
    /// </summary>
    /// <param name="volumePath">Path of the raw volume. Holes are not read.</param>
    /// <param name="memberPath">Path of the member. An existing file is replaced.</param>
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
            using var volume = VolumeSource.Open(volumePath);
            return compression == OvaCompression.None
                ? await PackRawAsync(volume, volumePath, memberPath, blockListPath, options, progress, cancellationToken)
                : await PackGzipAsync(volume, memberPath, blockListPath, compression, options, progress, cancellationToken);
        }
        catch
        {
            File.Delete(memberPath);
            File.Delete(blockListPath);
            throw;
        }
    }

    private static async Task<PackedVolume> PackGzipAsync(
        VolumeSource volume,
        string memberPath,
        string blockListPath,
        OvaCompression compression,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        using var member = new HashedFile(memberPath);
        using var list = new BlockListWriter(blockListPath, BlockListHeader.ForGzip(volume.Length));
        using var work = new GzipPackWork(volume, member, list, compression, options, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        work.Finish();
        var (digest, listLength, listSha256) = list.Finish();
        return new PackedVolume
        {
            VolumeSize = volume.Length,
            StoredSize = member.Length,
            StoredSha256 = member.Finish(),
            VolumeDigest = digest,
            BlockListSize = listLength,
            BlockListSha256 = listSha256,
        };
    }

    private static async Task<PackedVolume> PackRawAsync(
        VolumeSource volume,
        string volumePath,
        string memberPath,
        string blockListPath,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        using var member = RawMember.Create(volumePath, memberPath, volume.Length);
        using var list = new BlockListWriter(blockListPath, BlockListHeader.ForRaw(volume.Length));
        using var work = new RawPackWork(volume, member, list, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        member.Sync();
        var (digest, listLength, listSha256) = list.Finish();
        return new PackedVolume
        {
            VolumeSize = volume.Length,
            StoredSize = volume.Length,
            StoredSha256 = work.FinishSha256(),
            VolumeDigest = digest,
            BlockListSize = listLength,
            BlockListSha256 = listSha256,
        };
    }
}
