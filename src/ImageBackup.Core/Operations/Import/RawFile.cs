using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using ImageBackup.Ova;
using ImageBackup.Ova.IO;

namespace ImageBackup.Core.Operations.Import;

/// <summary>A file on a node that is imported as one disk.</summary>
/// <param name="Region">The bytes of the file.</param>
/// <param name="Disk">What the bytes are.</param>
/// <param name="DataBytes">Bytes of the file that are not holes. A volume restored from it needs at least as many.</param>
internal sealed record RawFile(FileRegion Region, DiskSummary Disk, long DataBytes)
{
    /// <summary>The size of the volume; the size of the file if only unpacking tells.</summary>
    public long Capacity => Disk.Length ?? Region.Length;

    /// <summary>Returns the volume to restore from the disk.</summary>
    public ImportVolume ToVolume(string name, DateTime startedAt, int backupId) => new()
    {
        RestoredName = BackupNames.Restored(TimeBasedUuid.Create(startedAt, 0), backupId),
        CinderBackupId = Guid.NewGuid().ToString(),
        VolumeId = Guid.NewGuid().ToString(),
        Member = name,
        BootIndex = 0,
        Capacity = Capacity,
        IsDiskImage = !Disk.IsPlain,
        Stored = Region,
        IsGzip = false,
    };

    /// <summary>Looks at a file, whatever its name.</summary>
    /// <param name="file">The file.</param>
    /// <param name="forceRaw">True if the bytes are the disk itself, whatever they look like.</param>
    /// <exception cref="InvalidRequestException">The file is damaged, or its format is not read. The message names the format.</exception>
    public static RawFile Inspect(FileInfo file, bool forceRaw, CancellationToken cancellationToken)
    {
        try
        {
            using var handle = RegularFile.OpenItself(file.FullName);
            using var source = new FileSource(file.FullName);
            var disk = DiskImages.Inspect(source, forceRaw ? DiskFormat.Raw : null, cancellationToken);
            return new RawFile(new FileRegion(file.FullName, 0, source.Length), disk, NativeFile.DataBytes(handle));
        }
        catch (DiskImageException e)
        {
            throw new InvalidRequestException(
                $"Invalid input for field/attribute ova_name. Value: {file.Name}. {e.Message.TrimEnd('.')}. Use a raw, qcow2, VMDK, VHD, VHDX or VDI disk, or set force_raw to true if the bytes of the file are the disk itself.");
        }
    }
}
