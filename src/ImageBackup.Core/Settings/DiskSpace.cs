using ImageBackup.Core.Errors;

namespace ImageBackup.Core.Settings;

/// <summary>Refuses work that does not fit on the disk.</summary>
public static class DiskSpace
{
    /// <summary>Bytes that stay free for the database and the log.</summary>
    private const long Reserve = 64L << 20;

    /// <summary>Throws if the disk of <paramref name="directory"/> has less than <paramref name="needed"/> bytes and a reserve free.</summary>
    /// <exception cref="InvalidRequestException">The work does not fit. The message has the needed and the free bytes.</exception>
    public static void Require(string directory, long needed, string forWhat)
    {
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (needed > 0 && free < needed + Reserve)
        {
            throw new InvalidRequestException($"Not enough space for {forWhat}: up to {needed} bytes and a reserve of {Reserve} are needed, {free} are free in {Path.GetFileName(directory)}.");
        }
    }
}
