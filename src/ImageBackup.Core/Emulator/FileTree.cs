using ImageBackup.Ova.IO;

namespace ImageBackup.Core.Emulator;

/// <summary>Empties and copies directories.</summary>
internal static class FileTree
{
    /// <summary>Removes everything in a directory, but not the directory, which may be a mount point.</summary>
    public static void Empty(string directory)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner)
            {
                inner.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    /// <summary>Copies the files and directories of <paramref name="source"/> into <paramref name="target"/>. Files share their blocks if the file system can do that; otherwise data is copied and holes stay.</summary>
    public static void Copy(string source, string target) => Copy(source, target, FileCopy.CopySparse);

    /// <summary>Copies like <see cref="Copy(string, string)"/>, but with hard links. For files that are replaced or removed, never changed.</summary>
    public static void Link(string source, string target) => Copy(source, target, FileCopy.HardLink);

    private static void Copy(string source, string target, Action<string, string> copyFile)
    {
        Directory.CreateDirectory(target);
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
        {
            var copy = Path.Combine(target, entry.Name);
            if (entry is DirectoryInfo)
            {
                Copy(entry.FullName, copy, copyFile);
            }
            else
            {
                copyFile(entry.FullName, copy);
                File.SetLastWriteTimeUtc(copy, entry.LastWriteTimeUtc);
            }
        }
    }
}
