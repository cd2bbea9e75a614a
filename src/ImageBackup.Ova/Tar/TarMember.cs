namespace ImageBackup.Ova.Tar;

/// <summary>A regular file in a tar archive.</summary>
/// <param name="Name">Its name: a plain file name.</param>
/// <param name="Offset">Offset of its data in the archive.</param>
/// <param name="Size">Bytes of its data, all within the archive.</param>
internal sealed record TarMember(string Name, long Offset, long Size);
