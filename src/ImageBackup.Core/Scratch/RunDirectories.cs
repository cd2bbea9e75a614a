using System.Globalization;

namespace ImageBackup.Core.Scratch;

/// <summary>The directories <c>.run-LOGBOOK/FENCE/</c> below a root. Others may write to the root, so a link in the place of a directory is never followed.</summary>
internal static class RunDirectories
{
    private const string Prefix = ".run-";
    private const int Attempts = 5;

    /// <summary>Returns the directory of the runs of a log book.</summary>
    public static string Of(string root, string bookId) => Path.Combine(root, Prefix + bookId);

    /// <summary>Returns the log books that have directories below a root.</summary>
    public static IReadOnlyList<string> BooksOf(string root)
        => Directory.Exists(root)
            ? [.. Directory.EnumerateDirectories(root, Prefix + "*").Where(IsItself).Select(directory => Path.GetFileName(directory)[Prefix.Length..]).Where(id => Guid.TryParseExact(id, "D", out _))]
            : [];

    /// <summary>Removes everything that the runs of a finished log book have left below a root.</summary>
    public static void Remove(string root, string bookId) => RemoveUpTo(Of(root, bookId), long.MaxValue);

    /// <summary>Creates a directory, or uses that of an earlier call.</summary>
    /// <exception cref="IOException">The path is a link. Others may write to a node's directory, and a link could lead to the service's own data.</exception>
    public static void CreateItself(string directory)
    {
        if (!IsItself(Directory.CreateDirectory(directory).FullName))
        {
            throw new IOException($"{Path.GetFileName(directory)} is a link; a directory is expected. Remove it.");
        }
    }

    /// <summary>Returns the runs of a log book before a fence, oldest first.</summary>
    public static List<(string Path, long Fence)> EarlierThan(string directory, long fence)
        => [.. Directory.EnumerateDirectories(directory).Where(IsItself).Select(path => (Path: path, Fence: FenceOf(Path.GetFileName(path)))).Where(run => run.Fence < fence).OrderBy(run => run.Fence)];

    /// <summary>Removes the runs up to a fence, and the directory of the log book if nothing else is in it.</summary>
    public static void RemoveUpTo(string directory, long fence)
    {
        if (!IsItself(directory))
        {
            return;
        }

        foreach (var (path, number) in EarlierThan(directory, long.MaxValue))
        {
            if (number <= fence)
            {
                Delete(path);
            }
        }

        try
        {
            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // A later run uses it.
        }
    }

    /// <summary>Deletes a directory while a run that is over may still write to it.</summary>
    public static void Delete(string path)
    {
        for (var attempt = 1; Directory.Exists(path); attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException) when (attempt < Attempts)
            {
                // A run that is over still wrote a file.
            }
        }
    }

    /// <summary>Returns the fence of a run's directory, or of a directory that <see cref="RunDirectory.NewScratch"/> has not moved there yet. No other directory belongs to a run.</summary>
    private static long FenceOf(string name) => long.TryParse(name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var fence) ? fence : long.MaxValue;

    /// <summary>Returns true for a directory, and false for a link to one.</summary>
    private static bool IsItself(string directory) => new DirectoryInfo(directory) is { Exists: true, LinkTarget: null };
}
