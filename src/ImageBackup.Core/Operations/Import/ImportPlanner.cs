using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage.Web;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Quotas;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Import;

/// <summary>
/// Starts imports: (1) look for the same request, (2) check what to import and the space for it, (3) add or move the image backup and add the log book.
/// </summary>
public sealed class ImportPlanner(
    BackupStore backups,
    VolumeTypeStore volumeTypes,
    BackupNodeResolver nodes,
    BucketArchives archives,
    WebFiles web,
    DataPaths paths,
    ArchivePlaces places,
    IdempotencyKeys keys,
    OperationStarter starter,
    TimeProvider time)
{
    public async Task<StartedOperation> StartAsync(Caller caller, ImportCommand command, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        // Read the image backup before the key: the same request changes both in one transaction, so its new status is never seen without its key.
        var existing = command.ImageBackupId is { } id ? backups.Find(caller, id) : null;
        if (await keys.FindAsync(caller, key, BackupActions.Import, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        var plan = await PlanAsync(caller, command, existing, cancellationToken);
        await using var start = await starter.BeginAsync(BackupActions.Import, caller, key, cancellationToken);
        if (await start.FindFirstAsync(cancellationToken) is { } first)
        {
            return first;
        }

        await QuotaCheck.RequireVolumesAsync(start.Database, caller.ProjectId, plan.KnownVolumes, cancellationToken);
        var backup = existing ?? plan.ToRecord();
        if (existing is not null)
        {
            await start.MoveAsync(existing, plan.FirstStatus, ImportRules.StatusAfter(existing.Status), cancellationToken);
        }
        else
        {
            await start.AddAsync(backup, cancellationToken);
            backup.OwnsFile = plan.Source is null && await BackupStore.IsOwnFileAsync(start.Database, backup.BackupHost, plan.OvaName, cancellationToken);
            backup.OvaName = plan.Source is null ? plan.OvaName : await places.FreeNameAsync(start.Database, backup, plan.OvaName, cancellationToken);
        }

        return await CommitAsync(start, plan, backup, cancellationToken);
    }

    /// <summary>Starts a failed or stopped import again, with its values.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="backup">The image backup of the import.</param>
    /// <param name="earlier">The state of the import that failed.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    internal async Task<StartedOperation> RetryAsync(Caller caller, BackupRecord backup, ImportState earlier, CancellationToken cancellationToken)
    {
        var status = BackupStatusRules.StatusForRetry(backup);
        var volumeType = await volumeTypes.ResolveAsync(earlier.VolumeTypeId, cancellationToken);
        var plan = await PlanAgainAsync(caller, backup, status, earlier, cancellationToken) with { VolumeTypeId = volumeType.Id };
        await using var start = await starter.BeginAsync(BackupActions.Import, caller, key: null, cancellationToken);
        await QuotaCheck.RequireVolumesAsync(start.Database, caller.ProjectId, plan.KnownVolumes, cancellationToken);
        await start.MoveAsync(backup, plan.FirstStatus, ImportRules.StatusAfter(status), cancellationToken);
        return await CommitAsync(start, plan, backup, cancellationToken);
    }

    private async Task<ImportPlan> PlanAgainAsync(Caller caller, BackupRecord backup, BackupStatus status, ImportState earlier, CancellationToken cancellationToken)
    {
        var command = new ImportCommand
        {
            Name = earlier.Name,
            Description = earlier.Description,
            ImageBackupId = backup.Id,
            BackupHost = earlier.BackupNodeId,
            Raw = earlier.Raw,
            ForceRaw = earlier.ForceRaw,
        };
        if (earlier.Download is not { SourceUrl: { } url } download || File.Exists(places.PathOf(earlier.BackupNodeId, backup.OvaName!)))
        {
            return await PlanExistingAsync(caller, command, backup, status, cancellationToken);
        }

        var node = await nodes.ResolveAsync(caller.ProjectId, earlier.BackupNodeId, cancellationToken);
        var found = await web.OpenProtected(url).FindAsync(cancellationToken);
        DiskSpace.Require(paths.BackupNode(node.BackupNodeId), found.Size, "the file at source_url");
        return Plan(caller, command, node, backup.OvaName!, found.Size) with { Existing = backup, Source = new ImportSource(null, null, url, download.Sha256) };
    }

    private Task<StartedOperation> CommitAsync(OperationStart start, ImportPlan plan, BackupRecord backup, CancellationToken cancellationToken)
        => start.CommitAsync(backup, plan.ToState(backup, start.TaskId, places.MissingBytes(plan.BackupNodeId, backup.OvaName!, plan.FileBytes)), cancellationToken);

    private async Task<ImportPlan> PlanAsync(Caller caller, ImportCommand command, BackupRecord? existing, CancellationToken cancellationToken)
    {
        var volumeType = await volumeTypes.ResolveAsync(command.VolumeType, cancellationToken);
        ImportRules.RequireOneSource(command);
        var plan = command switch
        {
            { SourceUrl: { } url } => await PlanFromUrlAsync(caller, command, url, cancellationToken),
            { ImageBackupId: { } id } => existing is null ? throw BackupStore.NotFound($"{id}") : await PlanExistingAsync(caller, command, existing, existing.Status, cancellationToken),
            { CosBucket: { } bucket, OvaName: { } ova } => await PlanFromBucketAsync(caller, command, bucket, ova, cancellationToken),
            { OvaName: { } ova } => await PlanFromNodeAsync(caller, command, ova, cancellationToken),
            { CosBucket: not null } => throw new InvalidRequestException("Invalid input for field/attribute ova_name. It is missing: cos_bucket alone does not say which object of the bucket to import."),
            _ => throw new InvalidRequestException("Invalid input for import-image: one of image_backup_id, ova_name, cos_bucket with ova_name, or source_url is needed to say what to import."),
        };
        return plan with { VolumeTypeId = volumeType.Id };
    }

    private async Task<ImportPlan> PlanExistingAsync(Caller caller, ImportCommand command, BackupRecord backup, BackupStatus status, CancellationToken cancellationToken)
    {
        ImportRules.RequireStatus(backup, status);
        ImportRules.RefuseContradiction("ova_name", command.OvaName, backup.OvaName, backup);
        ImportRules.RefuseContradiction("cos_bucket", command.CosBucket, backup.CosBucket, backup);
        var raw = ImportRules.RawDiskOf(command, backup);
        var node = await nodes.ResolveAsync(caller.ProjectId, command.BackupHost ?? backup.BackupHost, cancellationToken);

        // The restored volumes keep their holes, so only their data needs space.
        DiskSpace.Require(paths.Volumes, backup.ReadVolumes().Sum(volume => volume.DataBytes ?? 0), "the restored volumes");
        if (status is BackupStatus.Available or BackupStatus.UploadFailed)
        {
            return PlanFile(caller, command with { Raw = raw }, node, backup.OvaName!, cancellationToken) with { Existing = backup };
        }

        await places.RequireOwnPlaceAsync(backup, node.BackupNodeId, cancellationToken);
        var found = await archives.FindAsync(backup, node, cancellationToken);
        return Plan(caller, command, node, backup.OvaName!, found.Size) with
        {
            Existing = backup,
            Source = new ImportSource(backup.CosBucket!, found.Key, null, backup.OvaSha256),
        };
    }

    private async Task<ImportPlan> PlanFromBucketAsync(Caller caller, ImportCommand command, string bucket, string ova, CancellationToken cancellationToken)
    {
        ImportRules.RefuseRawFromBucket(command);
        ImportRules.RequireArchiveName(ova);
        var node = await nodes.ResolveAsync(caller.ProjectId, command.BackupHost, cancellationToken);
        if (await backups.IsForeignObjectAsync(caller.ProjectId, bucket, ova, cancellationToken))
        {
            throw new NotFoundException($"Object '{ova}' could not be found in bucket '{bucket}'.");
        }

        var found = await archives.FindAsync(caller.ProjectId, bucket, ova, node, fileName: null, cancellationToken);
        var lastPart = ova[(ova.LastIndexOf('/') + 1)..];
        return Plan(caller, command, node, BackupNames.ForFile(lastPart), found.Size) with { Source = new ImportSource(bucket, ova, null, null) };
    }

    private async Task<ImportPlan> PlanFromUrlAsync(Caller caller, ImportCommand command, string url, CancellationToken cancellationToken)
    {
        var sha256 = ImportRules.DigestOf(command.Checksum);
        var address = ImportRules.UrlOf(url);
        var file = web.Open(address);
        var name = command.OvaName ?? BackupNames.ForFile(file.Name);
        ImportRules.RequirePlainName(name);
        if (command.Raw is null)
        {
            ImportRules.RequireArchiveName(name);
        }
        else
        {
            ImportRules.RefuseArchiveName(name);
        }

        var node = await nodes.ResolveAsync(caller.ProjectId, command.BackupHost, cancellationToken);
        var found = await file.FindAsync(cancellationToken);
        DiskSpace.Require(paths.BackupNode(node.BackupNodeId), found.Size, "the file at source_url");
        return Plan(caller, command, node, name, found.Size) with { Source = new ImportSource(null, null, web.Protect(address), sha256) };
    }

    private async Task<ImportPlan> PlanFromNodeAsync(Caller caller, ImportCommand command, string ova, CancellationToken cancellationToken)
    {
        if (command.Raw is null)
        {
            ImportRules.RequireArchiveName(ova);
        }

        var node = await nodes.ResolveAsync(caller.ProjectId, command.BackupHost, cancellationToken);
        return await backups.IsForeignFileAsync(caller.ProjectId, node.BackupNodeId, ova, cancellationToken)
            ? throw ImportRules.FileNotFound(node, ova)
            : PlanFile(caller, command, node, ova, cancellationToken);
    }

    private ImportPlan PlanFile(Caller caller, ImportCommand command, BackupNodeRecord node, string name, CancellationToken cancellationToken)
    {
        ImportRules.RequirePlainName(name);
        var file = new FileInfo(places.PathOf(node.BackupNodeId, name));
        if (!file.Exists || file.LinkTarget is not null)
        {
            throw ImportRules.FileNotFound(node, name);
        }

        ImportRules.RequireRegular(file);
        var plan = Plan(caller, command, node, name, file.Length);
        if (command.Raw is null)
        {
            return plan;
        }

        var raw = RawFile.Inspect(file, command.ForceRaw, cancellationToken);
        DiskSpace.Require(paths.Volumes, raw.DataBytes, "the restored volume");
        return plan with { RawFile = raw };
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
}
