namespace ImageBackup.Ova.Tar;

/// <summary>A regular file in a tar archive.</summary>
/// <param name="Name">Its name: a relative path.</param>
/// <param name="Offset">Offset of its stored data in the archive.</param>
/// <param name="Size">Bytes of the file, including the holes of a sparse one.</param>
/// <param name="SparseEntry">Offset of the first header of a sparse file, which leads to its map; null for a plain file.</param>
internal sealed record TarMember(string Name, long Offset, long Size, long? SparseEntry);
