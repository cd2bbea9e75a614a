namespace ImageBackup.Ova.Blocks;

/// <summary>Computes the volume digest of a raw volume (<see cref="PackedVolume.VolumeDigest"/>).</summary>
public static class VolumeDigester
{
    /// <summary>Reads the volume on every core. Holes are not read.</summary>
    /// <param name="path">Path of the raw volume.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Receives the volume's bytes done.</param>
    /// <param name="cancellationToken">Stops the work within a block.</param>
    /// <returns>The volume digest, lower-case hex.</returns>
    /// <exception cref="IOException">The volume cannot be read.</exception>
    public static async Task<string> ComputeAsync(string path, DataPathOptions options, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var volume = VolumeSource.Open(path, options);
        using var work = new RawWork(volume, target: null, checker: null, expected: null, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        return work.Finish().VolumeDigest;
    }
}
