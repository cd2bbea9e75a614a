using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Turns a raw volume into a member of an archive, reading it once.</summary>
public static class VolumePacker
{
    /// <summary>
    /// Writes the member (one gzip member of independent deflate blocks, or the raw bytes) and its block list, both on disk when it returns.
    /// The volume must not change meanwhile, nor afterwards while an uncompressed member lives: that one shares its blocks or is the same file.
    /// </summary>
    /// <param name="volumePath">The raw volume; holes are skipped.</param>
    /// <param name="memberPath">The member to write; a file of that name is replaced.</param>
    /// <param name="blockListPath">The block list to write, likewise.</param>
    /// <param name="compression">How the member is stored.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Told the volume's bytes done, in order.</param>
    /// <param name="cancellationToken">Stops within a block. Cancelled or failed, neither file stays.</param>
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
