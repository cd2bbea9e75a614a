using ImageBackup.Core.Errors;

namespace ImageBackup.Core.Settings;

/// <summary>Refuses work that can't fit before it begins, with the figures.</summary>
public static class DiskSpace
{
    /// <summary>Left free beside the data: the database and the log need to go on.</summary>
    private const long Reserve = 64L << 20;

    /// <summary>Throws where <paramref name="directory"/>'s disk has less than <paramref name="needed"/> bytes and a little more free.</summary>
    /// <exception cref="InvalidRequestException">It can't fit; the message has needed and free bytes.</exception>
    public static void Require(string directory, long needed, string forWhat)
    {
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (needed > 0 && free < needed + Reserve)
        {
            throw new InvalidRequestException($"Not enough space for {forWhat}: up to {needed} bytes and a reserve of {Reserve} are needed, {free} are free in {Path.GetFileName(directory)}.");
        }
    }
}
