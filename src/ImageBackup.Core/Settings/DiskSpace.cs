using ImageBackup.Core.Errors;

namespace ImageBackup.Core.Settings;

/// <summary>Refuses work that does not fit on the disk.</summary>
public static class DiskSpace
{
    /// <summary>Bytes that stay free for the database and the log.</summary>
    private const long Reserve = 64L << 20;

    /// <summary>Throws if the disk of <paramref name="directory"/> has less than <paramref name="needed"/> bytes and a reserve free.</summary>
    /// <param name="directory">A directory on the disk.</param>
    /// <param name="needed">The bytes of the work.</param>
    /// <param name="forWhat">What the bytes are, in the message.</param>
    /// <param name="reserved">The free bytes that belong to other work.</param>
    /// <exception cref="InvalidRequestException">The work does not fit. The message has the figures.</exception>
    public static void Require(string directory, long needed, string forWhat, long reserved = 0)
    {
        if (Fits(directory, needed, reserved))
        {
            return;
        }

        var others = reserved == 0 ? "" : $", and other operations need {reserved} of them";
        throw new InvalidRequestException($"Not enough space for {forWhat}: up to {needed} bytes and a reserve of {Reserve} are needed, {Free(directory)} are free in {Path.GetFileName(directory)}{others}.");
    }

    /// <summary>Returns true if the disk of <paramref name="directory"/> has space for the work beside other work.</summary>
    public static bool Fits(string directory, long needed, long reserved = 0) => needed == 0 || Free(directory) >= needed + reserved + Reserve;

    /// <summary>Returns the mount point of the disk that has the directory.</summary>
    public static string DiskOf(string directory)
        => DriveInfo.GetDrives().Select(drive => drive.Name).Where(mount => IsBelow(directory, mount)).MaxBy(mount => mount.Length) ?? "/";

    private static bool IsBelow(string directory, string mount)
        => directory.StartsWith(mount, StringComparison.Ordinal) && (mount.EndsWith('/') || directory.Length == mount.Length || directory[mount.Length] == '/');

    private static long Free(string directory) => new DriveInfo(directory).AvailableFreeSpace;
}
