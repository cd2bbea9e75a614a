namespace ImageBackup.Ova.Blocks;

/// <summary>What restoring or verifying a member has shown.</summary>
/// <param name="VolumeSize">Bytes of the raw volume; a restored one is longer where its capacity is larger.</param>
/// <param name="DataBytes">Bytes written: what is not zero.</param>
/// <param name="VolumeDigest">SHA-256 over the digests of the blocks, lower-case hex.</param>
/// <param name="StoredSha256">SHA-256 of the member as stored, lower-case hex; null for a raw member of which none was expected (it would have to see every byte of every hole).</param>
public sealed record RestoredVolume(long VolumeSize, long DataBytes, string VolumeDigest, string? StoredSha256);
