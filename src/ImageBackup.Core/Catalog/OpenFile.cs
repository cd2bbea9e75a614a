namespace ImageBackup.Core.Catalog;

/// <summary>Files that a process has open. .NET locks them (flock(2)), and the kernel releases the locks when the process ends.</summary>
internal static class OpenFile
{
    /// <summary>Returns true while a process has the file open.</summary>
    public static bool IsLocked(string path)
    {
        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
