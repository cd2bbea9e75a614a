namespace ImageBackup.Ova.Archive;

/// <summary>The file names of archives: <c>.ova</c>, or <c>.ova.gz</c>, <c>.ova.xz</c> and <c>.ova.zst</c> for an archive that is compressed as a whole.</summary>
public static class ArchiveName
{
    /// <summary>The extensions, for messages.</summary>
    public const string Extensions = ".ova, .ova.gz, .ova.xz or .ova.zst";

    private static readonly string[] All = [".ova", ".ova.gz", ".ova.xz", ".ova.zst"];

    /// <summary>Returns true if the name ends like an archive's, in any case.</summary>
    public static bool IsArchive(string name) => ExtensionLength(name) > 0;

    /// <summary>Splits <c>backup.ova.gz</c> into <c>backup</c> and <c>.ova.gz</c>. The extension of any other file is empty.</summary>
    public static (string Stem, string Extension) Split(string name)
    {
        var stem = name.Length - ExtensionLength(name);
        return (name[..stem], name[stem..]);
    }

    private static int ExtensionLength(string name)
        => All.FirstOrDefault(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))?.Length ?? 0;
}
