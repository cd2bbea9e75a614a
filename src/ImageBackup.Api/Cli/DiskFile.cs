using System.CommandLine;
using System.IO.Compression;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Disks;
using ImageBackup.Disks.Qcow2;
using ImageBackup.Disks.Vmdk;
using ImageBackup.Disks.Writing;
using ImageBackup.Ova.IO;

namespace ImageBackup.Api.Cli;

/// <summary>Writes the bytes that the guest of a disk image sees as a file of another format, or to standard output.</summary>
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
    /// <param name="step">The step of the command, planned with an estimate.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Bytes of the disk.</returns>
    public static async Task<long> WriteAsync(DiskImage image, string format, string path, string scratch, WorkStep step, CancellationToken cancellationToken)
    {
        var partial = path + PartialSuffix;
        try
        {
            long length;
            await using (var output = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite))
            {
                length = await WriteAsync(image, format, output, scratch, step, cancellationToken);
                output.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
            NativeFile.SyncDirectory(Path.GetDirectoryName(path)!);
            return length;
        }
        finally
        {
            // After the rename, the file does not exist.
            File.Delete(partial);
        }
    }

    /// <summary>Refuses a format that cannot be written from its first byte to its last.</summary>
    /// <exception cref="CommandException">The format is qcow2.</exception>
    public static void RequireStreamed(string format)
    {
        if (format == Qcow2)
        {
            throw CommandException.Usage("A qcow2 disk cannot be written to standard output, because its first table is known last. Use --format raw or vmdk, or a file.");
        }
    }

    /// <summary>Writes the disk to a stream that cannot seek. Holes become zeros.</summary>
    /// <param name="image">The disk image.</param>
    /// <param name="format">raw or vmdk.</param>
    /// <param name="output">The stream.</param>
    /// <param name="scratch">An existing directory for an unpacked disk.</param>
    /// <param name="step">The step of the command, planned with an estimate.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Bytes of the disk.</returns>
    public static async Task<long> StreamAsync(DiskImage image, string format, Stream output, string scratch, WorkStep step, CancellationToken cancellationToken)
    {
        if (format == Vmdk)
        {
            using var guest = await SeekableAsync(image, scratch, step, cancellationToken);
            await WriteVmdkAsync(guest.Disk, output, "disk", step.From(guest.Offset), cancellationToken);
            return guest.Disk.Length;
        }

        var length = 0L;
        await foreach (var extent in image.ReadAsync(cancellationToken))
        {
            await (extent.IsHole ? WriteZerosAsync(output, extent.Length, cancellationToken) : output.WriteAsync(extent.Data, cancellationToken).AsTask());
            step.Report(length = extent.Offset + extent.Length);
        }

        return length;
    }

    private static async Task<long> WriteAsync(DiskImage image, string format, FileStream output, string scratch, WorkStep step, CancellationToken cancellationToken)
    {
        if (format == Raw)
        {
            return await RawWriter.WriteAsync(image, output.SafeFileHandle, step, cancellationToken);
        }

        using var guest = await SeekableAsync(image, scratch, step, cancellationToken);
        var progress = step.From(guest.Offset);
        await (format == Qcow2
            ? Qcow2Writer.WriteAsync(guest.Disk, output.SafeFileHandle, progress, cancellationToken)
            : WriteVmdkAsync(guest.Disk, output, Path.GetFileNameWithoutExtension(output.Name), progress, cancellationToken));
        return guest.Disk.Length;
    }

    private static Task WriteVmdkAsync(DiskSource disk, Stream output, string name, IProgress<long> progress, CancellationToken cancellationToken)
        => VmdkWriter.WriteAsync(disk, output, name, CompressionLevel.Fastest, progress, cancellationToken);

    /// <summary>Returns the guest's disk. A compressed raw disk is unpacked first, because qcow2 and VMDK need its length before its data.</summary>
    private static async Task<Seekable> SeekableAsync(DiskImage image, string scratch, WorkStep step, CancellationToken cancellationToken)
    {
        if (image.Guest is { } guest)
        {
            step.Resize(guest.Length);
            return new Seekable(guest, Offset: 0, Unpacked: null);
        }

        var path = Path.Combine(scratch, "disk");
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            await RawWriter.WriteAsync(image, file, step, cancellationToken);
        }

        var unpacked = new FileSource(path);
        step.Resize(2 * unpacked.Length);
        return new Seekable(unpacked, unpacked.Length, unpacked);
    }

    private static async Task WriteZerosAsync(Stream output, long length, CancellationToken cancellationToken)
    {
        var zeros = new byte[Math.Min(length, 1 << 20)];
        for (var left = length; left > 0; left -= zeros.Length)
        {
            await output.WriteAsync(zeros.AsMemory(0, (int)Math.Min(left, zeros.Length)), cancellationToken);
        }
    }

    /// <summary>A disk that can be read at any offset.</summary>
    /// <param name="Disk">The guest's disk.</param>
    /// <param name="Offset">Bytes of the step that unpacking took.</param>
    /// <param name="Unpacked">The unpacked disk to close; null if there is none.</param>
    private sealed record Seekable(DiskSource Disk, long Offset, FileSource? Unpacked) : IDisposable
    {
        public void Dispose() => Unpacked?.Dispose();
    }
}
