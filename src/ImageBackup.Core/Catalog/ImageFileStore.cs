using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Quotas;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.IO;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The files of images. An image's file is the content of its boot volume.</summary>
public sealed class ImageFileStore(IDbContextFactory<ImageBackupDbContext> contexts, ImageStore images, DataPaths paths, DirectoryMarkers markers, TimeProvider time)
{
    private const string UploadPrefix = ".upload-";

    /// <summary>
    /// Stores the disk in an image's file as a new volume and makes the image active. When the upload fails, the image is queued again and nothing is left behind.
    /// </summary>
    /// <param name="caller">The caller.</param>
    /// <param name="id">The image.</param>
    /// <param name="content">The file: a disk of the image's <c>disk_format</c>.</param>
    /// <param name="expectedSize">The announced number of bytes; null when none was announced.</param>
    /// <param name="volumeTypeId">The new volume's storage template.</param>
    /// <param name="cancellationToken">Stops the upload.</param>
    /// <exception cref="ConflictException">The image has a file, or another upload is running.</exception>
    /// <exception cref="InvalidRequestException">The number of bytes is not the announced one.</exception>
    /// <exception cref="OverLimitException">The volume passes a quota.</exception>
    /// <exception cref="UnsupportedMediaException">The file is not of the declared format, damaged, or not supported.</exception>
    public async Task UploadAsync(
        Caller caller, string id, Stream content, long? expectedSize, string volumeTypeId, CancellationToken cancellationToken)
    {
        if (await TryTakeEmptyFileAsync(caller, id, content, expectedSize, cancellationToken))
        {
            return;
        }

        await markers.CheckAsync(paths.Volumes, cancellationToken);
        var declared = await StartUploadAsync(caller, id, cancellationToken);
        var volumeId = Guid.NewGuid().ToString();
        var partial = Path.Combine(paths.Volumes, UploadPrefix + id);
        var receiver = new DiskReceiver(declared, partial);
        var done = false;
        try
        {
            var written = await receiver.ReceiveAsync(content, expectedSize, cancellationToken);
            File.Move(partial, paths.Volume(volumeId));
            NativeFile.SyncDirectory(paths.Volumes);
            done = await FinishUploadAsync(caller, id, NewBootVolume(caller, id, volumeId, written.Size, volumeTypeId), written, cancellationToken);
        }
        finally
        {
            if (!done)
            {
                receiver.Clean();
                File.Delete(paths.Volume(volumeId));
                await RequeueAsync(id);
            }
        }

        if (!done)
        {
            throw new NotFoundException($"Image {id} was deleted during its upload.");
        }
    }

    /// <summary>Opens an image's file. The file is null when the image has none.</summary>
    /// <exception cref="NotFoundException">The caller does not see such an image.</exception>
    public async Task<(ImageRecord Image, FileStream? File)> OpenAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var image = await images.GetVisibleAsync(caller, id, cancellationToken);
        if (image.Status != ImageStatus.Active || ImageVolumes.Parse(image) is not [var boot, ..])
        {
            return (image, null);
        }

        try
        {
            var path = paths.Volume(boot.VolumeId);
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            if (!VolumeBackedImage.HasEmptyFile(image) || file.Length == 0)
            {
                return (image, file);
            }

            await file.DisposeAsync();
            return (image, null);
        }
        catch (FileNotFoundException)
        {
            // The image was deleted after its row was read.
            throw ImageAccess.NotFound(id);
        }
    }

    /// <summary>After a restart, queues images again whose upload was interrupted, and removes the partial files. Those that another process receives stay.</summary>
    public async Task ForgetUploadsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var uploads = Directory.EnumerateFiles(paths.Volumes, UploadPrefix + "*").ToLookup(file => Path.GetFileName(file)[UploadPrefix.Length..].Split('.')[0], StringComparer.Ordinal);
        var live = uploads.Where(upload => context.IsShared && upload.Any(OpenFile.IsLocked)).Select(upload => upload.Key).ToList();
        foreach (var partial in uploads.Where(upload => !live.Contains(upload.Key)).SelectMany(upload => upload))
        {
            File.Delete(partial);
        }

        await MoveAsync(context.Images.Where(image => !live.Contains(image.Id)), ImageStatus.Saving, ImageStatus.Queued, cancellationToken);
    }

    /// <summary>Takes the empty file that PowerVC's clients upload to an image of volumes. Returns false for any other image or file.</summary>
    private async Task<bool> TryTakeEmptyFileAsync(Caller caller, string id, Stream content, long? expectedSize, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var image = await context.Images.OwnedByAsync(caller, id, "upload data for", cancellationToken);
        if (image is not { Status: ImageStatus.Active, BlockDeviceMapping: not null, Checksum: null } || expectedSize > 0 || await content.ReadAsync(new byte[1], cancellationToken) > 0)
        {
            return false;
        }

        image.Size = 0;
        image.Checksum = VolumeBackedImage.EmptyMd5;
        image.OsHashValue = VolumeBackedImage.EmptySha512;
        image.UpdatedAt = time.GetUtcNow().UtcDateTime;
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    private async Task<DeclaredDisk> StartUploadAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var image = await context.Images.OwnedByAsync(caller, id, "upload data for", cancellationToken);
        var declared = DeclaredDisk.Of(image);
        if (await MoveAsync(context.Images.Where(image => image.Id == id), ImageStatus.Queued, ImageStatus.Saving, cancellationToken) == 0)
        {
            throw new ConflictException($"Image status transition from {image.Status} to {ImageStatus.Saving} is not allowed");
        }

        return declared;
    }

    private VolumeRecord NewBootVolume(Caller caller, string imageId, string volumeId, long size, string volumeTypeId) => new()
    {
        Id = volumeId,
        ProjectId = caller.ProjectId,
        UserId = caller.UserId,
        Name = $"image-{imageId}",
        Status = VolumeStatus.Available,
        SizeBytes = size,
        VolumeTypeId = volumeTypeId,
        Bootable = true,
        ImageId = imageId,
        CreatedAt = time.GetUtcNow().UtcDateTime,
    };

    private async Task<bool> FinishUploadAsync(
        Caller caller, string id, VolumeRecord volume, WrittenDisk written, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.LockAsync(ImageAccess.LockOf(id), cancellationToken);
        var image = await context.Images.VisibleTo(caller).FirstOrDefaultAsync(image => image.Id == id && image.Status == ImageStatus.Saving, cancellationToken);
        if (image is null)
        {
            return false;
        }

        await QuotaCheck.RequireVolumesAsync(context, volume.ProjectId, [volume.SizeBytes], cancellationToken);
        image.Status = ImageStatus.Active;
        image.Size = written.Size;
        image.Checksum = written.Md5;
        image.OsHashValue = written.Sha512;
        image.DiskFormat = "raw";
        image.ContainerFormat = "bare";
        image.BlockDeviceMapping = ImageVolumes.Write([(volume.Id, 0, Gibibytes.RoundUp(written.Size))]);
        VolumeBackedImage.Complete(image);
        image.UpdatedAt = time.GetUtcNow().UtcDateTime;
        context.Volumes.Add(volume);
        await context.SaveChangesAsync(cancellationToken);

        // A canceled commit would leave open whether the volume's file is still needed.
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private async Task RequeueAsync(string id)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        await MoveAsync(context.Images.Where(image => image.Id == id), ImageStatus.Saving, ImageStatus.Queued, CancellationToken.None);
    }

    private static Task<int> MoveAsync(IQueryable<ImageRecord> images, string from, string to, CancellationToken cancellationToken)
        => images.Where(image => image.Status == from).ExecuteUpdateAsync(set => set.SetProperty(image => image.Status, to), cancellationToken);
}
