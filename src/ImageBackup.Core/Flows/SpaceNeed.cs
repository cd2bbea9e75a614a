namespace ImageBackup.Core.Flows;

/// <summary>The disk space that an operation needs until it ends.</summary>
/// <param name="Directory">A directory on the disk.</param>
/// <param name="Bytes">The most bytes that the operation stores there at the same time.</param>
/// <param name="Purpose">What the bytes are, in a refusal.</param>
public sealed record SpaceNeed(string Directory, long Bytes, string Purpose);
