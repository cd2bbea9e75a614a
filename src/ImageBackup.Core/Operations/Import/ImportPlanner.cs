using System.Text.Json;
using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.IO;

namespace ImageBackup.Core.Operations.Import;

/// <summary>May this import be made, and how? Everything that can be refused is refused here, before anything changes.</summary>
public sealed class ImportPlanner(BackupStore backups, VolumeTypeStore volumeTypes, BackupNodeStore nodes, BucketResolver buckets, ObjectTransfer transfer, ArchivePlaces places, DataPaths paths, TimeProvider time)
{
    public async Task<ImportPlan> PlanAsync(Caller caller, ImportCommand command, CancellationToken cancellationToken)
    {
        var volumeType = await volumeTypes.ResolveAsync(command.VolumeType, cancellationToken);
        var plan = command switch
        {
            { ImageBackupId: { } id } => await PlanByIdAsync(caller, command, id, cancellationToken),
            { CosBucket: { } bucket, OvaName: { } ova } => await PlanFromBucketAsync(caller, command, bucket, ova, cancellationToken),
            { OvaName: { } ova } => await PlanFromNodeAsync(caller, command, ova, cancellationToken),
            { CosBucket: not null } => throw new InvalidRequestException("Invalid input for field/attribute ova_name. It is missing: cos_bucket alone does not say which object of the bucket to import."),
            _ => throw new InvalidRequestException("Invalid input for import-image: one of image_backup_id, ova_name, or cos_bucket with ova_name is needed to say what to import."),
        };
        return plan with { VolumeTypeId = volumeType.Id };
    }

    private async Task<ImportPlan> PlanByIdAsync(Caller caller, ImportCommand command, int id, CancellationToken cancellationToken)
    {
        var backup = await backups.GetAsync(caller, id, cancellationToken);
        if (backup.Status is not (BackupStatus.Available or BackupStatus.UploadFailed or BackupStatus.Uploaded or BackupStatus.DownloadFailed))
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {id} is {backup.Status.ToWire()}; it must be available, uploaded, upload_failed or download_failed.");
        }

        RefuseContradiction("ova_name", command.OvaName, backup.OvaName, backup);
        RefuseContradiction("cos_bucket", command.CosBucket, backup.CosBucket, backup);
        var raw = RawOf(command, backup);
        var node = await nodes.ResolveAsync(command.BackupHost ?? backup.BackupHost, cancellationToken);
        RequireSpace(backup);
        return backup.Status is BackupStatus.Available or BackupStatus.UploadFailed
            ? PlanFile(caller, command with { Raw = raw }, node, backup.OvaName!) with { Existing = backup }
            : await PlanFetchAsync(caller, command, node, backup, cancellationToken);
    }

    /// <summary>The record remembers what its raw disk does not say of itself; an archive says it.</summary>
    private static RawDisk? RawOf(ImportCommand command, BackupRecord backup)
    {
        if (backup.OvaName is not { } file || BackupNames.IsArchive(file))
        {
            return command.Raw is null
                ? null
                : throw new InvalidRequestException($"Invalid input for field/attribute import_from_raw_file. Value: true. Image backup {backup.Id} is the archive {backup.OvaName}; leave the field out.");
        }

        return command.Raw ?? (backup is { OsType: { } osType, Architecture: { } architecture } ? new RawDisk(osType, architecture) : null);
    }

    /// <summary>Holes stay holes, so only the data of the volumes needs room.</summary>
    private void RequireSpace(BackupRecord backup)
    {
        var volumes = backup.Volumes is null ? [] : JsonSerializer.Deserialize<List<BackupVolume>>(backup.Volumes, FlowJson.Options) ?? [];
        DiskSpace.Require(paths.Volumes, volumes.Sum(volume => volume.DataBytes ?? 0), "the restored volumes");
    }

    private static void RefuseContradiction(string field, string? given, string? recorded, BackupRecord backup)
    {
        if (given is not null && given != recorded)
        {
            throw new InvalidRequestException($"Invalid input for field/attribute {field}. Value: {given}. Image backup {backup.Id} has {recorded ?? "none"}; leave the field out or give that.");
        }
    }

    private async Task<ImportPlan> PlanFetchAsync(Caller caller, ImportCommand command, BackupNodeRecord node, BackupRecord backup, CancellationToken cancellationToken)
    {
        await places.RequireOwnPlaceAsync(backup, node.BackupNodeId, cancellationToken);
        var key = backup.CosObject ?? backup.OvaName!;
        var found = await FindObjectAsync(caller, backup.CosBucket!, key, cancellationToken);
        if (!File.Exists(Path.Combine(paths.BackupNode(node.BackupNodeId), backup.OvaName!)))
        {
            DiskSpace.Require(paths.BackupNode(node.BackupNodeId), found.Size, "the archive");
        }

        return Plan(caller, command, node, backup.OvaName!, found.Size) with
        {
            Existing = backup,
            Source = new ObjectSource(backup.CosBucket!, key, backup.OvaSha256),
        };
    }

    private async Task<ImportPlan> PlanFromBucketAsync(Caller caller, ImportCommand command, string bucket, string ova, CancellationToken cancellationToken)
    {
        RefuseRawFromBucket(command);
        RequireOvaExtension(ova);
        var node = await nodes.ResolveAsync(command.BackupHost, cancellationToken);
        if (await backups.IsForeignObjectAsync(caller.ProjectId, bucket, ova, cancellationToken))
        {
            throw new NotFoundException($"Object '{ova}' could not be found in bucket '{bucket}'.");
        }

        var found = await FindObjectAsync(caller, bucket, ova, cancellationToken);
        DiskSpace.Require(paths.BackupNode(node.BackupNodeId), found.Size, "the archive");
        return Plan(caller, command, node, FileNameOf(ova), found.Size) with { Source = new ObjectSource(bucket, ova, null) };
    }

    private async Task<ImportPlan> PlanFromNodeAsync(Caller caller, ImportCommand command, string ova, CancellationToken cancellationToken)
    {
        if (command.Raw is null)
        {
            RequireOvaExtension(ova);
        }

        var node = await nodes.ResolveAsync(command.BackupHost, cancellationToken);
        return await backups.IsForeignFileAsync(caller.ProjectId, node.BackupNodeId, ova, cancellationToken)
            ? throw FileNotFound(node, ova)
            : PlanFile(caller, command, node, ova);
    }

    private ImportPlan PlanFile(Caller caller, ImportCommand command, BackupNodeRecord node, string name)
    {
        RequirePlainName(name);
        var file = new FileInfo(Path.Combine(paths.BackupNode(node.BackupNodeId), name));
        if (!file.Exists || file.LinkTarget is not null)
        {
            throw FileNotFound(node, name);
        }

        if (command.Raw is not null)
        {
            DiskSpace.Require(paths.Volumes, DataBytesOf(file), "the restored volume");
        }

        var plan = Plan(caller, command, node, name, file.Length);
        return command.Raw is null ? plan : plan with { RawFile = new FileRegion(file.FullName, 0, file.Length) };
    }

    private static long DataBytesOf(FileInfo file)
    {
        using var handle = File.OpenHandle(file.FullName);
        return NativeFile.DataBytes(handle);
    }

    private ImportPlan Plan(Caller caller, ImportCommand command, BackupNodeRecord node, string ovaName, long fileBytes) => new()
    {
        Caller = caller,
        Command = command,
        BackupNodeId = node.BackupNodeId,
        OvaName = ovaName,
        FileBytes = fileBytes,
        VolumeTypeId = "",
        StartedAt = time.GetUtcNow().UtcDateTime,
    };

    private async Task<StoredObject> FindObjectAsync(Caller caller, string bucketName, string key, CancellationToken cancellationToken)
    {
        var bucket = await buckets.ResolveAsync(caller.ProjectId, bucketName, cancellationToken);
        await bucket.Store.CheckBucketAsync(bucket.Name, cancellationToken);
        return await transfer.HeadAsync(bucket, key, cancellationToken);
    }

    private static NotFoundException FileNotFound(BackupNodeRecord node, string name) => new($"File {name} could not be found on backup node {node.BackupNodeId}.");

    private static void RefuseRawFromBucket(ImportCommand command)
    {
        if (command.Raw is not null)
        {
            throw new InvalidRequestException("Invalid input for field/attribute import_from_raw_file. Value: true. A raw file is imported from a backup node; leave cos_bucket out.");
        }
    }

    private static void RequireOvaExtension(string name)
    {
        if (!BackupNames.IsArchive(name))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute ova_name. Value: {name}. The supported formats are .ova and .ova.gz; for a raw disk on the node give import_from_raw_file.");
        }
    }

    private static void RequirePlainName(string name)
    {
        if (name != Path.GetFileName(name) || name is "." or ".." || name.StartsWith('.') || name.EndsWith(OvaWriter.PartialSuffix, StringComparison.Ordinal) || name.Any(char.IsControl))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute ova_name. Value: {name}. It must be the name of a file at the top of the backup node, without path.");
        }
    }

    /// <summary>The last part of an object's key, as a file name.</summary>
    private static string FileNameOf(string key) => BackupNames.ForFile(key[(key.LastIndexOf('/') + 1)..]);
}
