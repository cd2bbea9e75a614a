using ImageBackup.Core.Errors;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.Catalog;

/// <summary>Creates the files of volumes. Each file is complete before it gets its final name.</summary>
internal static class VolumeFiles
{
    /// <summary>The suffix of files that are not complete. The next start removes them.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>Creates a volume's file of <paramref name="size"/> bytes that begins with the bytes of <paramref name="source"/>.</summary>
    /// <exception cref="UnavailableException">The storage failed.</exception>
    /// <exception cref="OverLimitException">The file system does not hold files of the size.</exception>
    public static void Create(string path, string? source, long size)
        => Create(path, path + PartialSuffix, partial =>
        {
            if (source is not null)
            {
                FileCopy.CopySparse(source, partial);
            }

            using var file = File.OpenHandle(partial, FileMode.OpenOrCreate, FileAccess.Write);
            SetLength(file, size);
            RandomAccess.FlushToDisk(file);
        });

    /// <summary>
    /// Creates a second file with the present bytes of <paramref name="source"/>: with shared blocks if the file system supports them, otherwise a hard link.
    /// A hard link is as good as a copy, because nothing writes to the file of an available volume; the file is only replaced or removed.
    /// </summary>
    /// <param name="path">The new file.</param>
    /// <param name="source">The file to clone.</param>
    /// <param name="partial">Its name while it is not complete, in the directory of the run.</param>
    /// <exception cref="UnavailableException">The storage failed.</exception>
    public static void Clone(string path, string source, string partial)
        => Create(path, partial, file =>
        {
            if (!TryReflink(source, file))
            {
                File.Delete(file);
                FileCopy.HardLink(source, file);
            }
        });

    private static void SetLength(SafeFileHandle file, long size)
    {
        try
        {
            RandomAccess.SetLength(file, size);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // .NET's exception for EFBIG.
            throw new OverLimitException($"The service's file system does not hold a volume of {size} bytes. Use a smaller size, or a file system with larger files, such as XFS.", e);
        }
    }

    private static bool TryReflink(string source, string target)
    {
        using var from = File.OpenHandle(source, share: FileShare.ReadWrite | FileShare.Delete);
        using var to = File.OpenHandle(target, FileMode.CreateNew, FileAccess.ReadWrite);
        return FileCopy.TryReflink(from, to);
    }

    private static void Create(string path, string partial, Action<string> fill)
    {
        try
        {
            File.Delete(partial);
            fill(partial);
            File.Move(partial, path, overwrite: true);
            NativeFile.SyncDirectory(Path.GetDirectoryName(path)!);
        }
        catch (FileNotFoundException e)
        {
            throw new UnavailableException($"The storage has no file {Path.GetFileName(e.FileName)}.", e);
        }
        catch (OverLimitException)
        {
            File.Delete(partial);
            throw;
        }
        catch (IOException e)
        {
            File.Delete(partial);
            throw new UnavailableException($"The storage cannot store {Path.GetFileName(path)}: {Reason(e)}", e);
        }
    }

    // The text of the error number, because the exception's message contains the path.
    private static string Reason(IOException e) => e.HResult is > 0 and < 200
        ? System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(e.HResult)
        : "the file system reported an error.";
}
