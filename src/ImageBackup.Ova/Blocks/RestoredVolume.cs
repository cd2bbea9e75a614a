namespace ImageBackup.Ova.Blocks;

/// <summary>A member that was restored or verified.</summary>
/// <param name="VolumeSize">Bytes of the raw data. The restored volume is longer if its capacity is larger.</param>
/// <param name="DataBytes">Bytes written, without zeros.</param>
/// <param name="VolumeDigest">Volume digest of the raw data, lower-case hex.</param>
/// <param name="Stored">Digest of the member as stored, of the expected algorithm or else SHA-256; null if none was expected and the member need not be read from beginning to end.</param>
public sealed record RestoredVolume(long VolumeSize, long DataBytes, string VolumeDigest, OvaDigest? Stored)
{
    /// <summary>Bytes of the volume that the disk has returned as they were written.</summary>
    internal long Compared { get; init; }

    /// <summary>Whether the whole volume was compared while it was written.</summary>
    internal bool IsCompared { get; init; }
}
