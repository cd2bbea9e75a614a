namespace ImageBackup.Disks;

/// <summary>A disk image is refused. The message names the problem and is safe to show.</summary>
public sealed class DiskImageException(DiskImageError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The kind of problem.</summary>
    public DiskImageError Error { get; } = error;

    internal static DiskImageException Damaged(string message, Exception? innerException = null) =>
        new(DiskImageError.Damaged, message, innerException);

    internal static DiskImageException Unsupported(string message) => new(DiskImageError.Unsupported, message);

    internal static DiskImageException TooLarge(string message) => new(DiskImageError.TooLarge, message);
}
