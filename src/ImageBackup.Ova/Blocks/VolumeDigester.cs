namespace ImageBackup.Ova.Blocks;

/// <summary>Computes a raw volume's digest: what <see cref="PackedVolume.VolumeDigest"/> is of the same bytes.</summary>
public static class VolumeDigester
{
    /// <summary>Reads the volume on every core, holes skipped.</summary>
    /// <param name="path">The raw volume.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Told the bytes done, in order.</param>
    /// <param name="cancellationToken">Stops within a block.</param>
    /// <returns>SHA-256 over the digests of the blocks, lower-case hex.</returns>
    public static async Task<string> ComputeAsync(string path, DataPathOptions options, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var volume = VolumeSource.Open(path);
        using var work = new RawWork(volume, target: null, checker: null, hashAll: false, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        return work.Finish().VolumeDigest;
    }
}
