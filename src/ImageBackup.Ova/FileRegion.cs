namespace ImageBackup.Ova;

/// <summary>A run of bytes in a file: a member inside an archive, or a whole file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
public sealed record FileRegion(string Path, long Offset, long Length);
