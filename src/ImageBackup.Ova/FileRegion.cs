namespace ImageBackup.Ova;

/// <summary>A range of bytes in a file: a member of an archive, or a whole file.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Offset">Offset of the first byte in the file.</param>
/// <param name="Length">Length in bytes.</param>
public sealed record FileRegion(string Path, long Offset, long Length);
