namespace ImageBackup.Core.Settings;

/// <summary>Finds out whether a directory can be written by creating a file in it. Permissions do not show a read-only or missing mount.</summary>
public static class WriteProbe
{
    /// <summary>All probes have this name, so that the next probe removes what a killed process left.</summary>
    private const string Name = ".probe";

    /// <summary>Probes of other requests may be in the way this often.</summary>
    private const int Attempts = 100;

    /// <summary>Returns whether the directory exists and can be written.</summary>
    public static bool Succeeds(string directory)
    {
        var probe = Path.Combine(directory, Name);
        try
        {
            for (var attempt = 1; attempt < Attempts; attempt++)
            {
                if (TryCreate(probe))
                {
                    return true;
                }

                File.Delete(probe);
            }

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Creates the file and deletes it. Never opens a file or link that exists.</summary>
    /// <returns>False if there is one.</returns>
    private static bool TryCreate(string probe)
    {
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            return true;
        }
        catch (IOException) when (File.Exists(probe))
        {
            return false;
        }
    }
}
