using System.CommandLine;
using System.IO.Compression;
using ImageBackup.Disks;
using ImageBackup.Disks.Qcow2;
using ImageBackup.Disks.Vmdk;
using ImageBackup.Disks.Writing;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Api.Cli;

/// <summary>Writes the bytes that the guest of a disk image sees as a file of another format.</summary>
internal static class DiskFile
{
    public const string Raw = "raw";
    private const string Qcow2 = "qcow2";
    private const string Vmdk = "vmdk";
    private const string PartialSuffix = ".partial";

    /// <summary>Returns the option for the format to write.</summary>
    public static Option<string> Format()
        => new Option<string>("--format") { Description = "The format to write: sparse raw, qcow2 version 3, or stream-optimized VMDK." }.AcceptOnlyFromAmong(Raw, Qcow2, Vmdk);

    /// <summary>Writes the file and flushes it to the disk. It has its name only when it is complete. An existing file is overwritten.</summary>
    /// <param name="image">The disk image.</param>
    /// <param name="format">raw, qcow2 or vmdk.</param>
    /// <param name="path">Path of the file to write.</param>
    /// <param name="scratch">An existing directory for an unpacked disk.</param>
    /// <param name="fileLength">Bytes of the image as stored, for the progress.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task WriteAsync(DiskImage image, string format, string path, string scratch, long fileLength, CancellationToken cancellationToken)
    {
        var partial = path + PartialSuffix;
        try
        {
            await using (var output = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite))
            {
                await WriteAsync(image, format, output, scratch, fileLength, cancellationToken);
                output.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
            NativeFile.SyncDirectory(Path.GetDirectoryName(path)!);
        }
        finally
        {
            // After the rename, the file does not exist.
            File.Delete(partial);
        }
    }

    private static async Task WriteAsync(DiskImage image, string format, FileStream output, string scratch, long fileLength, CancellationToken cancellationToken)
    {
        if (format == Raw)
        {
            await WriteRawAsync(image, output.SafeFileHandle, "Writing", fileLength, cancellationToken);
            return;
        }

        using var unpacked = image.Guest is null ? await UnpackAsync(image, Path.Combine(scratch, "disk"), fileLength, cancellationToken) : null;
        var guest = image.Guest ?? unpacked!;
        using var progress = new ProgressLine("Writing", guest.Length, TimeProvider.System);
        await (format == Qcow2
            ? Qcow2Writer.WriteAsync(guest, output.SafeFileHandle, progress, cancellationToken)
            : VmdkWriter.WriteAsync(guest, output, Path.GetFileNameWithoutExtension(output.Name), CompressionLevel.Fastest, progress, cancellationToken));
    }

    /// <summary>Unpacks a compressed raw disk, because qcow2 and VMDK need its length before its data.</summary>
    private static async Task<FileSource> UnpackAsync(DiskImage image, string path, long fileLength, CancellationToken cancellationToken)
    {
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            await WriteRawAsync(image, file, "Unpacking", fileLength, cancellationToken);
        }

        return new FileSource(path);
    }

    private static async Task WriteRawAsync(DiskImage image, SafeFileHandle output, string title, long fileLength, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(title, image.Length ?? fileLength, TimeProvider.System);
        await RawWriter.WriteAsync(image, output, progress, cancellationToken);
    }
}
