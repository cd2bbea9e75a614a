using System.CommandLine;
using System.IO.Compression;
using ImageBackup.Api.Hosting;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using ImageBackup.Disks.Qcow2;
using ImageBackup.Disks.Vmdk;
using ImageBackup.Disks.Writing;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Api.Cli;

/// <summary><c>disk convert IN OUT --format raw|qcow2|vmdk</c>: writes the bytes that the guest of a disk image sees in another format.</summary>
internal static class DiskConvert
{
    private const string Raw = "raw";
    private const string Qcow2 = "qcow2";
    private const string Vmdk = "vmdk";
    private const string PartialSuffix = ".partial";

    public static Command Create()
    {
        var image = DiskCommands.Image("IN");
        var target = new Argument<FileInfo>("OUT") { Description = "The file to write. It has this name only when it is complete." };
        var format = new Option<string>("--format") { Description = "The format to write: sparse raw, qcow2 version 3, or stream-optimized VMDK.", Required = true }
            .AcceptOnlyFromAmong(Raw, Qcow2, Vmdk);
        var force = new Option<bool>("--force") { Description = "Overwrite a file that exists." };
        var forceRaw = DiskCommands.ForceRaw();
        var command = new Command("convert", "Write a disk image in another format.") { image, target, format, force, forceRaw };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(image),
            parsed.GetRequiredValue(target),
            parsed.GetRequiredValue(format),
            parsed.GetValue(force),
            parsed.GetValue(forceRaw),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, FileInfo target, string format, bool force, bool forceRaw, CancellationToken cancellationToken)
    {
        if (!force && target.Exists)
        {
            await Console.Error.WriteLineAsync($"{target} exists. Use --force to overwrite it.");
            return ExitCodes.Usage;
        }

        var directory = target.DirectoryName!;
        using var scratch = new ScratchDirectory(directory);
        using var image = DiskImages.Open(
            new FileSource(file.FullName),
            new DiskOpenOptions { Format = DiskCommands.Expected(forceRaw), ScratchPath = Path.Combine(scratch.Path, "unpacked") },
            cancellationToken);
        var partial = target.FullName + PartialSuffix;
        try
        {
            await using (var output = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite))
            {
                await WriteAsync(image, format, output, scratch.Path, file, cancellationToken);
                output.Flush(flushToDisk: true);
            }

            File.Move(partial, target.FullName, overwrite: true);
            NativeFile.SyncDirectory(directory);
        }
        finally
        {
            // After the rename, the file does not exist.
            File.Delete(partial);
        }

        return ExitCodes.Done;
    }

    private static async Task WriteAsync(DiskImage image, string format, FileStream output, string scratch, FileInfo file, CancellationToken cancellationToken)
    {
        if (format == Raw)
        {
            await WriteRawAsync(image, output.SafeFileHandle, "Writing", file.Length, cancellationToken);
            return;
        }

        using var unpacked = image.Guest is null ? await UnpackAsync(image, Path.Combine(scratch, "disk"), file.Length, cancellationToken) : null;
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
