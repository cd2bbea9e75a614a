namespace ImageBackup.Core.Operations;

/// <summary>Directories on nodes that exist only while an operation runs.</summary>
internal static class WorkDirectory
{
    /// <summary>Creates the directory without the files of an earlier attempt.</summary>
    public static void Recreate(string directory)
    {
        Remove(directory);
        Directory.CreateDirectory(directory);
    }

    public static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
