namespace ImageBackup.Ova;

/// <summary>A range of bytes in a file: a member of an archive, or a whole file.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Offset">Offset of the first stored byte in the file.</param>
/// <param name="Length">Length in bytes, including the holes of a sparse member.</param>
/// <param name="SparseEntry">For a sparse member of a tar archive, whose holes are not stored: offset of its first header, which leads to its map. Else null.</param>
public sealed record FileRegion(string Path, long Offset, long Length, long? SparseEntry = null);
