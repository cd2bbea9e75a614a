namespace ImageBackup.Ova.Tar;

/// <summary>A regular file in an archive.</summary>
/// <param name="Name">A plain file name, checked.</param>
/// <param name="Offset">First byte of its data in the archive.</param>
/// <param name="Size">Bytes, all of them within the archive.</param>
internal sealed record TarMember(string Name, long Offset, long Size);
