namespace ImageBackup.Ova.Blocks;

/// <summary>A member that was restored or verified.</summary>
/// <param name="VolumeSize">Bytes of the raw data. The restored volume is longer if its capacity is larger.</param>
/// <param name="DataBytes">Bytes written, without zeros.</param>
/// <param name="VolumeDigest">Volume digest of the raw data, lower-case hex.</param>
/// <param name="StoredSha256">SHA-256 of the member as stored, lower-case hex; null if the member is raw and none was expected, because holes are not read then.</param>
public sealed record RestoredVolume(long VolumeSize, long DataBytes, string VolumeDigest, string? StoredSha256);
