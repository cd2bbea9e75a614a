using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova.IO;

namespace ImageBackup.Core.Scratch;

/// <summary>
/// The files that one run of a log book has below a root which other processes use too: <c>.run-LOGBOOK/FENCE/</c>. A run publishes a file by a rename out of
/// this directory, and deletes a published file by a rename into it. A later run first takes the files away and removes the directory. So the file system
/// itself refuses what a run does that has lost its log book, even if the run was paused in the middle.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    private const string LockName = "lock";

    /// <summary>The suffix of a file that an earlier run may still write to.</summary>
    private const string SharedSuffix = ".shared";

    /// <summary>The suffix of a file that is not copied completely.</summary>
    private const string CopySuffix = ".copy";

    /// <summary>Links in a directory of a run lead elsewhere. The service makes none.</summary>
    private static readonly EnumerationOptions OwnFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private const int Attempts = 5;

    private readonly string path;
    private readonly FileStream held;

    private RunDirectory(string path, FileStream held) => (this.path, this.held) = (path, held);

    /// <summary>Returns the directory of the calling run below a root. The first call creates it, and takes over the files of earlier runs.</summary>
    /// <exception cref="OperationCanceledException">Another worker has the log book.</exception>
    public static Task<RunDirectory> OpenAsync(string root, CancellationToken cancellationToken)
    {
        var fence = LogBookFence.Current ?? throw new InvalidOperationException("Only a run of a log book has a directory.");
        return fence.KeepAsync(root, () => CreateAsync(root, fence, cancellationToken), cancellationToken);
    }

    /// <summary>Deletes a published file. On a full disk, which has no space for a directory, it is deleted where it is.</summary>
    public static async Task DiscardAsync(string root, string file, CancellationToken cancellationToken)
    {
        if (LogBookFence.Current is not { } fence)
        {
            File.Delete(file);
            return;
        }

        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            (await OpenAsync(root, cancellationToken)).Discard(file);
        }
        catch (IOException full) when (DiskErrors.IsFull(full))
        {
            await fence.CheckAsync(cancellationToken);
            File.Delete(file);
        }
    }

    /// <summary>Removes a file that the calling run, or an earlier one, has not published. On a full disk, it stays until the end of the run.</summary>
    public static async Task RemoveFileAsync(string root, string name, CancellationToken cancellationToken)
    {
        try
        {
            (await OpenAsync(root, cancellationToken)).NewFile(name);
        }
        catch (IOException full) when (DiskErrors.IsFull(full))
        {
        }
    }

    /// <summary>Removes everything that the calling run, and the earlier runs of its log book, have.</summary>
    public static void RemoveAll()
    {
        if (LogBookFence.Current is not { } fence)
        {
            return;
        }

        // A log book of an earlier release does not tell its node, but it has no directory that this run has not opened.
        foreach (var root in fence.Roots.Union(fence.Kept).ToList())
        {
            fence.Forget(root);
            RunDirectories.RemoveUpTo(RunDirectories.Of(root, fence.BookId), fence.Number);
        }
    }

    /// <summary>Returns the path of a file of this run.</summary>
    public string PathOf(string name) => Path.Combine(path, name);

    /// <summary>Returns the path of a file that an earlier run may have begun, and that only this run writes to from now on.</summary>
    /// <param name="name">The name in this directory.</param>
    /// <param name="formerPath">Where an earlier release wrote the file.</param>
    public string Continue(string name, string formerPath)
    {
        var file = PathOf(name);
        if (File.Exists(file + SharedSuffix))
        {
            File.Delete(file + CopySuffix);
            FileCopy.CopySparse(file + SharedSuffix, file + CopySuffix);
            File.Move(file + CopySuffix, file, overwrite: true);
            File.Delete(file + SharedSuffix);
        }
        else if (!File.Exists(file) && File.Exists(formerPath))
        {
            File.Move(formerPath, file);
        }

        return file;
    }

    /// <summary>Returns the path of a file of this run that does not exist. What earlier runs have left of it is deleted.</summary>
    public string NewFile(string name)
    {
        var file = PathOf(name);
        File.Delete(file);
        File.Delete(file + SharedSuffix);
        return file;
    }

    /// <summary>Returns an empty directory for scratch files. They are never published.</summary>
    public string NewScratch(string name)
    {
        var scratch = PathOf(name);
        RunDirectories.Delete(scratch);

        // Moved here, because creating it could also create the directory of a run that is over.
        var created = Directory.CreateDirectory($"{path}-{Guid.NewGuid():N}").FullName;
        try
        {
            Directory.Move(created, scratch);
        }
        catch (IOException)
        {
            Directory.Delete(created);
            throw;
        }

        return scratch;
    }

    /// <summary>Returns the directory for scratch files, empty at first.</summary>
    public string Scratch(string name)
    {
        lock (held)
        {
            return Directory.Exists(PathOf(name)) ? PathOf(name) : NewScratch(name);
        }
    }

    /// <summary>Returns where a complete scratch file of an earlier run is now.</summary>
    public string Current(string file)
    {
        var runs = Path.GetDirectoryName(path)! + Path.DirectorySeparatorChar;
        if (!file.StartsWith(runs, StringComparison.Ordinal) || file.IndexOf(Path.DirectorySeparatorChar, runs.Length) is not (> 0 and var end))
        {
            return file;
        }

        var here = PathOf(file[(end + 1)..]);
        return File.Exists(here) || !File.Exists(here + SharedSuffix) ? here : here + SharedSuffix;
    }

    /// <summary>Gives a complete file its final name, which appears on the disk at once.</summary>
    public void Publish(string name, string finalPath)
    {
        File.Move(PathOf(name), finalPath, overwrite: true);
        NativeFile.SyncDirectory(Path.GetDirectoryName(finalPath)!);
    }

    /// <summary>Deletes a published file, if there is one.</summary>
    public void Discard(string file)
    {
        var trash = PathOf($"trash-{Guid.NewGuid():N}");
        try
        {
            File.Move(file, trash);
        }
        catch (FileNotFoundException)
        {
            return;
        }

        File.Delete(trash);
    }

    public void Dispose() => held.Dispose();

    private static async Task<RunDirectory> CreateAsync(string root, LogBookFence fence, CancellationToken cancellationToken)
    {
        var directory = RunDirectories.Of(root, fence.BookId);
        var created = Create(Path.Combine(directory, $"{fence.Number}"));
        try
        {
            // Checked after the directory exists: a later run either sees the directory and takes it, or has the log book already.
            await fence.CheckAsync(cancellationToken);
            foreach (var (earlier, _) in RunDirectories.EarlierThan(directory, fence.Number))
            {
                created.TakeOver(earlier);
            }

            return created;
        }
        catch
        {
            created.Dispose();
            throw;
        }
    }

    private static RunDirectory Create(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                RunDirectories.CreateItself(Path.GetDirectoryName(path)!);
                RunDirectories.CreateItself(path);
                return new RunDirectory(path, Hold(path));
            }
            catch (DirectoryNotFoundException) when (attempt < Attempts)
            {
                // The end of an earlier run removed the directory above.
            }
        }
    }

    /// <summary>Locks a directory as in use (flock). The kernel releases the lock when the process ends, even if it is killed.</summary>
    private static FileStream Hold(string path) => new(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static FileStream? TryHold(string path)
    {
        try
        {
            return Hold(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Moves the files of an earlier run here and removes its directory. If its process may still run, its files count as shared.</summary>
    private void TakeOver(string earlier)
    {
        using (var free = TryHold(earlier))
        {
            foreach (var file in Directory.EnumerateFiles(earlier, "*", OwnFiles).ToList())
            {
                var name = Path.GetRelativePath(earlier, file);
                var isStale = name.EndsWith(CopySuffix, StringComparison.Ordinal) || File.Exists(file + SharedSuffix);
                if (name != LockName && !isStale && !name.StartsWith("trash-", StringComparison.Ordinal))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
                    File.Move(file, PathOf(name) + (free is null && !name.EndsWith(SharedSuffix, StringComparison.Ordinal) ? SharedSuffix : ""), overwrite: true);
                }
            }

            RunDirectories.Delete(earlier);
        }
    }
}
