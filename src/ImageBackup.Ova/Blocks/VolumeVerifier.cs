namespace ImageBackup.Ova.Blocks;

/// <summary>Checks a stored member as restoring it would, without a target.</summary>
public static class VolumeVerifier
{
    /// <summary>Reads, hashes and inflates the whole member.</summary>
    /// <param name="stored">Where the member lies.</param>
    /// <param name="isGzip">Whether it is gzip; raw bytes else.</param>
    /// <param name="expected">What it should be.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Told the stored bytes done, in order.</param>
    /// <param name="cancellationToken">Stops within a block.</param>
    /// <exception cref="InvalidOvaException">It is not what it should be; the message says what, where and what was expected.</exception>
    public static Task<RestoredVolume> VerifyAsync(
        FileRegion stored,
        bool isGzip,
        RestoreExpectation expected,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken) =>
        StoredVolume.ReadAsync(stored, isGzip, expected, targetPath: null, options, progress, cancellationToken);
}
