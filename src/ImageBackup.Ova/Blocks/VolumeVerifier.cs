namespace ImageBackup.Ova.Blocks;

/// <summary>Checks a member as restoring would, without writing a volume.</summary>
public static class VolumeVerifier
{
    /// <summary>Reads, inflates and hashes the whole member.</summary>
    /// <param name="stored">The member's bytes.</param>
    /// <param name="encoding">How the member's bytes become the volume's.</param>
    /// <param name="expected">Capacity and digests.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Receives the stored bytes done.</param>
    /// <param name="cancellationToken">Stops the work within a block.</param>
    /// <exception cref="InvalidOvaException">The member is damaged or differs from what is expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Task<RestoredVolume> VerifyAsync(
        FileRegion stored,
        MemberEncoding encoding,
        RestoreExpectation expected,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken) =>
        StoredVolume.ReadAsync(stored, encoding, expected, targetPath: null, options, progress, cancellationToken);
}
