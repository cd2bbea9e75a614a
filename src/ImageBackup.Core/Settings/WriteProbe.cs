namespace ImageBackup.Core.Settings;

/// <summary>Finds out whether a directory can be written by creating a file in it. Permissions do not show a read-only or missing mount.</summary>
public static class WriteProbe
{
    /// <summary>All probes have this name, so that the next probe removes what a killed process left.</summary>
    private const string Name = ".probe";

    private const int Exists = 17; // EEXIST

    /// <summary>Probes of other requests may be in the way this often.</summary>
    private const int Attempts = 1000;

    /// <summary>Returns whether the directory exists and can be written. Never opens a file or link that exists.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="withData">True to write a byte, too, which a full disk refuses.</param>
    public static bool Succeeds(string directory, bool withData = false)
    {
        var probe = Path.Combine(directory, Name);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
                if (withData)
                {
                    file.WriteByte(0);
                }

                return true;
            }
            catch (IOException e) when (e.HResult == Exists)
            {
                TryDelete(probe);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        return false;
    }

    private static void TryDelete(string probe)
    {
        try
        {
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next attempt finds it again.
        }
    }
}
