using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Operations.Export;

/// <summary>May this export be made, and how? Everything that can be refused is refused here, before a record exists.</summary>
public sealed class ExportPlanner(
    ImageStore images,
    VolumeStore volumes,
    BackupNodeStore nodes,
    BucketResolver buckets,
    DataPaths paths,
    IOptions<ImageBackupOptions> options,
    IOptions<CosOptions> cosOptions,
    TimeProvider time)
{
    public async Task<ExportPlan> PlanAsync(Caller caller, ExportCommand command, CancellationToken cancellationToken)
    {
        var image = await images.GetVisibleAsync(caller, command.SrcImageId, cancellationToken);
        if (image.Status != "active")
        {
            throw new InvalidRequestException($"Invalid image: Image {image.Id} is {image.Status}; only an active image can be exported.");
        }

        var devices = ImageVolumes.Parse(image);
        if (devices.Count == 0)
        {
            throw new InvalidRequestException($"Invalid image: Image {image.Id} has no volumes; only a volume-backed image can be exported.");
        }

        var sources = await FindVolumesAsync(image, devices, cancellationToken);
        var node = await nodes.ResolveAsync(command.BackupHost, cancellationToken);
        var bucket = command.UploadToCos ? await CheckBucketAsync(caller, command, node, cancellationToken) : null;
        RequireSpace(node, sources);
        return new ExportPlan(caller, command, image, node, bucket, Compression(command.Compression, node), sources, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>The seed's two notes on compression: a node's fast compression compresses whatever the request says, and so does the service's.</summary>
    private OvaCompression Compression(OvaCompression requested, BackupNodeRecord node)
        => node.FastCompression || (requested == OvaCompression.None && options.Value.UseFastCompression) ? OvaCompression.Fast : requested;

    private async Task<IReadOnlyList<SourceVolume>> FindVolumesAsync(ImageRecord image, IReadOnlyList<ImageVolume> devices, CancellationToken cancellationToken)
    {
        var found = new List<SourceVolume>(devices.Count);
        foreach (var device in devices)
        {
            var volume = await volumes.FindAsync(device.VolumeId, cancellationToken);
            if (volume is null || volume.Status != "available")
            {
                throw new InvalidRequestException($"Invalid image: Volume {device.VolumeId} of image {image.Id} is {volume?.Status ?? "missing"}; it must be available.");
            }

            found.Add(new SourceVolume(volume, device.BootIndex ?? -1, volumes.DataBytes(volume.Id)));
        }

        return found;
    }

    private async Task<string> CheckBucketAsync(Caller caller, ExportCommand command, BackupNodeRecord node, CancellationToken cancellationToken)
    {
        var name = command.CosBucket ?? node.CosDefault ?? cosOptions.Value.DefaultBucket;
        var bucket = await buckets.ResolveAsync(caller.ProjectId, name, cancellationToken);
        await bucket.Store.CheckBucketAsync(bucket.Name, cancellationToken);
        return name;
    }

    /// <summary>At worst nothing compresses: the containers and the archive made of them lie on the node for a moment.</summary>
    private void RequireSpace(BackupNodeRecord node, IReadOnlyList<SourceVolume> sources)
        => DiskSpace.Require(paths.BackupNode(node.BackupNodeId), 2 * sources.Sum(source => source.DataBytes), "containers and archive");
}
