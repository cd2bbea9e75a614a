using ImageBackup.Disks;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Archive;

/// <summary>Opens the temporary files of an archive. Between two openings, somebody may have put a link in their place; nothing is written through it.</summary>
internal static class TemporaryFile
{
    /// <summary>Creates a file, or opens it again.</summary>
    /// <exception cref="InvalidOvaException">The file has a second name.</exception>
    /// <exception cref="IOException">The path is a symbolic link, or the file cannot be opened.</exception>
    public static SafeFileHandle Open(string path, FileMode mode)
    {
        var file = mode == FileMode.Open ? RegularFile.OpenItself(path, FileAccess.ReadWrite) : File.OpenHandle(path, mode, FileAccess.ReadWrite);
        try
        {
            RequireOnlyName(path, file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a path still leads to the open file, and no other path does.</summary>
    /// <exception cref="InvalidOvaException">Another file is there, or the file has a second name.</exception>
    public static void RequireOnlyName(string path, SafeFileHandle file)
    {
        if (!NativeFile.IsOnlyName(path, file))
        {
            throw new InvalidOvaException(
                $"{Path.GetFileName(path)} was replaced, or has a second name. No other program may change it. Write the archive again.");
        }
    }
}
