using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Quotas;
using ImageBackup.Core.Settings;
using ImageBackup.Ova;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Starts exports: (1) look for the same request, (2) check image, node and bucket, (3) add the image backup and the log book, and reserve the space.</summary>
public sealed class ExportPlanner(
    ImageStore images,
    VolumeStore volumes,
    BackupNodeResolver nodes,
    BucketResolver buckets,
    ArchivePlaces places,
    IdempotencyKeys keys,
    OperationStarter starter,
    IOptions<ImageBackupOptions> options,
    IOptions<CosOptions> cosOptions,
    TimeProvider time)
{
    public async Task<StartedOperation> StartAsync(Caller caller, ExportCommand command, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(caller, key, BackupActions.Export, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        var plan = await PlanAsync(caller, command, cancellationToken);
        await using var start = await starter.BeginAsync(BackupActions.Export, caller, key, cancellationToken);
        if (await start.FindFirstAsync(cancellationToken) is { } first)
        {
            return first;
        }

        var backup = plan.ToRecord();
        await start.AddAsync(backup, cancellationToken);
        backup.OvaName = await places.FreeNameAsync(start.Database, backup, BackupNames.Ova(backup.Name, backup.Id), cancellationToken);
        return await start.CommitAsync(backup, plan.ToState(backup, start.TaskId), cancellationToken);
    }

    /// <summary>Starts a failed or stopped export again, with the values of its image backup, which gets the archive.</summary>
    /// <exception cref="InvalidRequestException">The image backup is not in <c>error</c>.</exception>
    internal async Task<StartedOperation> RetryAsync(Caller caller, BackupRecord backup, CancellationToken cancellationToken)
    {
        BackupStatusRules.RequireStatus(backup, "exported again", BackupStatus.Error);
        var plan = await PlanAsync(caller, CommandOf(backup), cancellationToken);
        await using var start = await starter.BeginAsync(BackupActions.Export, caller, key: null, cancellationToken);
        await start.MoveAsync(backup, BackupStatus.CreatingBackup, returnTo: null, cancellationToken);
        var planned = plan.ToRecord();
        await QuotaCheck.RequireGrowthAsync(start.Database, backup, planned.Size, cancellationToken);
        backup.OvaName = await places.FreeNameAsync(start.Database, backup, BackupNames.Ova(backup.Name, backup.Id), cancellationToken);
        await start.Database.Backups.Where(row => row.Id == backup.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.OvaName, backup.OvaName)
                .SetProperty(row => row.OwnsFile, true)
                .SetProperty(row => row.ImageName, planned.ImageName)
                .SetProperty(row => row.Size, planned.Size)
                .SetProperty(row => row.OsType, planned.OsType)
                .SetProperty(row => row.Architecture, planned.Architecture)
                .SetProperty(row => row.EffectiveCompression, planned.EffectiveCompression),
            cancellationToken);
        return await start.CommitAsync(backup, plan.ToState(backup, start.TaskId), cancellationToken);
    }

    private static ExportCommand CommandOf(BackupRecord backup) => new()
    {
        Name = backup.Name,
        Description = backup.Description,
        SrcImageId = backup.SrcImageId!,
        BackupHost = backup.BackupHost,
        UploadToCos = backup.UploadToCos,
        Compression = CompressionWords.Parse(backup.RequestedCompression!),
        CosBucket = backup.CosBucket,
    };

    private async Task<ExportPlan> PlanAsync(Caller caller, ExportCommand command, CancellationToken cancellationToken)
    {
        var image = await images.GetVisibleAsync(caller, command.SrcImageId, cancellationToken);
        if (image.Status != ImageStatus.Active)
        {
            throw new InvalidRequestException($"Invalid image: Image {image.Id} is {image.Status}; only an active image can be exported.");
        }

        var devices = ImageVolumes.Parse(image);
        if (devices.Count == 0)
        {
            throw new InvalidRequestException($"Invalid image: Image {image.Id} has no volumes; only a volume-backed image can be exported.");
        }

        var sources = await FindVolumesAsync(image, devices, cancellationToken);
        var node = await nodes.ResolveAsync(caller.ProjectId, command.BackupHost, cancellationToken);
        var bucket = command.UploadToCos ? await CheckBucketAsync(caller, command, node, cancellationToken) : null;
        return new ExportPlan(caller, command, image, node, bucket, Compression(command.Compression, node), sources, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>A node with fast compression always compresses. The service's <c>UseFastCompression</c> compresses if the request does not (the two notes on compression of IBM's page).</summary>
    private OvaCompression Compression(OvaCompression requested, BackupNodeRecord node)
        => node.FastCompression || (requested == OvaCompression.None && options.Value.UseFastCompression) ? OvaCompression.Fast : requested;

    private async Task<IReadOnlyList<SourceVolume>> FindVolumesAsync(ImageRecord image, IReadOnlyList<ImageVolume> devices, CancellationToken cancellationToken)
    {
        var found = new List<SourceVolume>(devices.Count);
        foreach (var device in devices)
        {
            var volume = await volumes.FindAsync(device.VolumeId, cancellationToken);
            if (volume is null || volume.Status != VolumeStatus.Available)
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
}
