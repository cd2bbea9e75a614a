using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova.IO;
using Microsoft.EntityFrameworkCore;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.Catalog;

// An image's file is the bytes of its boot volume.
public sealed partial class ImageStore
{
    private const string UploadPrefix = ".upload-";
    private const int NoSpace = 28;

    /// <summary>Takes an image's file: it becomes a new volume, and the image active. What is interrupted leaves the image queued and nothing behind.</summary>
    /// <param name="caller">Who uploads.</param>
    /// <param name="id">The image.</param>
    /// <param name="content">The bytes of a raw disk.</param>
    /// <param name="expectedSize">Bytes that were announced; null where none were.</param>
    /// <param name="volumeTypeId">The new volume's template.</param>
    /// <param name="cancellationToken">Stops the upload.</param>
    /// <exception cref="ConflictException">The image has a file, or is just getting one.</exception>
    /// <exception cref="InvalidRequestException">Another number of bytes came than was announced.</exception>
    public async Task UploadAsync(
        Caller caller, string id, Stream content, long? expectedSize, string volumeTypeId, CancellationToken cancellationToken)
    {
        await StartUploadAsync(caller, id, cancellationToken);
        var volumeId = Guid.NewGuid().ToString();
        var partial = Path.Combine(paths.Volumes, UploadPrefix + volumeId);
        var done = false;
        try
        {
            var written = await ReceiveAsync(partial, content, cancellationToken);
            if (expectedSize is { } expected && expected != written.Size)
            {
                throw new InvalidRequestException($"The upload has {written.Size} bytes, x-openstack-image-size announced {expected}.");
            }

            File.Move(partial, paths.Volume(volumeId));
            NativeFile.SyncDirectory(paths.Volumes);
            done = await FinishUploadAsync(caller, id, NewBootVolume(caller, id, volumeId, written.Size, volumeTypeId), written, cancellationToken);
        }
        finally
        {
            if (!done)
            {
                File.Delete(partial);
                File.Delete(paths.Volume(volumeId));
                await BackToQueuedAsync(id);
            }
        }

        if (!done)
        {
            throw new NotFoundException($"Image {id} was deleted during its upload.");
        }
    }

    /// <summary>Opens an image's file; null where the image has none.</summary>
    /// <exception cref="NotFoundException">There is no such image.</exception>
    public async Task<(ImageRecord Image, FileStream? File)> OpenFileAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var image = await GetVisibleAsync(caller, id, cancellationToken);
        if (image.Status != ImageStatus.Active || ImageVolumes.Parse(image) is not [var boot, ..])
        {
            return (image, null);
        }

        try
        {
            var path = paths.Volume(boot.VolumeId);
            return (image, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (FileNotFoundException)
        {
            // Deleted between the two looks.
            throw NotFound(id);
        }
    }

    /// <summary>After a stop: uploads that were cut short are queued again, what they left is removed.</summary>
    public async Task ForgetUploadsAsync(CancellationToken cancellationToken)
    {
        foreach (var left in Directory.EnumerateFiles(paths.Volumes, UploadPrefix + "*"))
        {
            File.Delete(left);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Images.Where(image => image.Status == ImageStatus.Saving)
            .ExecuteUpdateAsync(set => set.SetProperty(image => image.Status, ImageStatus.Queued), cancellationToken);
    }

    private async Task StartUploadAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var image = await OwnAsync(context, caller, id, "upload data for", cancellationToken);
        var taken = await context.Images.Where(image => image.Id == id && image.Status == ImageStatus.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(image => image.Status, ImageStatus.Saving), cancellationToken);
        if (taken == 0)
        {
            throw new ConflictException($"Image status transition from {image.Status} to {ImageStatus.Saving} is not allowed");
        }
    }

    private static async Task<WrittenFile> ReceiveAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        try
        {
            return await SparseFileWriter.CopyAsync(content, file, cancellationToken);
        }
        catch (IOException e) when (e.HResult == NoSpace)
        {
            throw new UnavailableException("The storage has no room left for the image's volume.", e);
        }
    }

    private VolumeRecord NewBootVolume(Caller caller, string imageId, string volumeId, long size, string volumeTypeId) => new()
    {
        Id = volumeId,
        ProjectId = caller.ProjectId,
        UserId = caller.UserId,
        Name = $"image-{imageId}",
        Status = "available",
        SizeBytes = size,
        VolumeTypeId = volumeTypeId,
        Bootable = true,
        ImageId = imageId,
        CreatedAt = time.GetUtcNow().UtcDateTime,
    };

    private async Task<bool> FinishUploadAsync(
        Caller caller, string id, VolumeRecord volume, WrittenFile written, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var image = await Visible(context, caller).FirstOrDefaultAsync(image => image.Id == id && image.Status == ImageStatus.Saving, cancellationToken);
        if (image is null)
        {
            return false;
        }

        image.Status = ImageStatus.Active;
        image.Size = written.Size;
        image.Checksum = written.Md5;
        image.OsHashValue = written.Sha512;
        image.DiskFormat ??= "raw";
        image.ContainerFormat ??= "bare";
        image.BlockDeviceMapping = ImageVolumes.Write([(volume.Id, 0, Gibibytes.RoundUp(written.Size))]);
        image.UpdatedAt = time.GetUtcNow().UtcDateTime;
        context.Volumes.Add(volume);
        await context.SaveChangesAsync(cancellationToken);

        // Not to be broken off: afterwards the volume is either wholly there or wholly not.
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private async Task BackToQueuedAsync(string id)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        await context.Images.Where(image => image.Id == id && image.Status == ImageStatus.Saving)
            .ExecuteUpdateAsync(set => set.SetProperty(image => image.Status, ImageStatus.Queued), CancellationToken.None);
    }
}
