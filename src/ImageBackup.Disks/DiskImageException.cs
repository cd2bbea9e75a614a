namespace ImageBackup.Disks;

/// <summary>A disk image is refused. The message names the problem and is safe to show.</summary>
public sealed class DiskImageException(DiskImageFault fault, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The kind of problem.</summary>
    public DiskImageFault Fault { get; } = fault;

    internal static DiskImageException Damaged(string message, Exception? innerException = null) =>
        new(DiskImageFault.Damaged, message, innerException);

    internal static DiskImageException Unsupported(string message) => new(DiskImageFault.Unsupported, message);

    internal static DiskImageException TooLarge(string message) => new(DiskImageFault.TooLarge, message);
}
