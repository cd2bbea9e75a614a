using ImageBackup.Core.Errors;
using ImageBackup.Ova.IO;

namespace ImageBackup.Core.Catalog;

/// <summary>Makes the files of volumes. Nothing partial stands under a final name: everything is made beside it and renamed.</summary>
internal static class VolumeFiles
{
    /// <summary>Ends the names of files that are being made; a start-up removes those that are left.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>Makes a volume's file of exactly <paramref name="size"/> bytes, starting with the bytes of <paramref name="source"/>.</summary>
    /// <exception cref="UnavailableException">The disk refuses.</exception>
    public static void Create(string path, string? source, long size)
        => Make(path, partial =>
        {
            if (source is not null)
            {
                NativeFile.CopySparse(source, partial);
            }

            using var file = File.OpenHandle(partial, FileMode.OpenOrCreate, FileAccess.Write);
            RandomAccess.SetLength(file, size);
            RandomAccess.FlushToDisk(file);
        });

    /// <summary>
    /// Makes a second file with the bytes that <paramref name="source"/> has now: shared blocks where the file system can, else a second name.
    /// A second name is as good as a copy here, because nothing ever writes into an available volume's file; it is only replaced or removed.
    /// </summary>
    /// <exception cref="UnavailableException">The disk refuses.</exception>
    public static void Clone(string path, string source)
        => Make(path, partial =>
        {
            if (!TryReflink(source, partial))
            {
                File.Delete(partial);
                NativeFile.HardLink(source, partial);
            }
        });

    private static bool TryReflink(string source, string target)
    {
        using var from = File.OpenHandle(source, share: FileShare.ReadWrite | FileShare.Delete);
        using var to = File.OpenHandle(target, FileMode.CreateNew, FileAccess.ReadWrite);
        return NativeFile.TryReflink(from, to);
    }

    private static void Make(string path, Action<string> fill)
    {
        var partial = path + PartialSuffix;
        try
        {
            File.Delete(partial);
            fill(partial);
            File.Move(partial, path, overwrite: true);
            NativeFile.SyncDirectory(Path.GetDirectoryName(path)!);
        }
        catch (FileNotFoundException e)
        {
            throw new UnavailableException($"The data of volume {Path.GetFileName(e.FileName)} are not on the storage.", e);
        }
        catch (IOException e)
        {
            File.Delete(partial);
            throw new UnavailableException($"The storage can't hold volume {Path.GetFileName(path)}: {Reason(e)}", e);
        }
    }

    // The errno's own words, without paths.
    private static string Reason(IOException e) => e.HResult is > 0 and < 200
        ? System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(e.HResult)
        : "the disk refused.";
}
