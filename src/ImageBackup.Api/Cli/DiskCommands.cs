using System.CommandLine;
using ImageBackup.Disks;

namespace ImageBackup.Api.Cli;

/// <summary><c>disk</c>: works with disk images, without the service.</summary>
internal static class DiskCommands
{
    public static Command Create() => new("disk", "Describe and convert disk images, without the service.")
    {
        DiskInfo.Create(),
        DiskConvert.Create(),
    };

    /// <summary>Returns the argument for the image that a command reads.</summary>
    public static Argument<string> Image(string name) => InputFile.Argument(name, "A raw, qcow2, VMDK, VHD, VHDX or VDI disk, also in gzip, xz or zstd.");

    /// <summary>Returns the option for a raw disk whose bytes look like another format.</summary>
    public static Option<bool> ForceRaw() => new("--force-raw") { Description = "Take the bytes of every disk as a raw disk, whatever format they look like." };

    /// <summary>Returns the format that the library is to expect; null for the one that the bytes tell.</summary>
    public static DiskFormat? Expected(bool forceRaw) => forceRaw ? DiskFormat.Raw : null;
}
