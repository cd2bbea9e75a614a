using System.Globalization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations;
using ImageBackup.Core.Operations.Delete;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Operations.Export;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Operations.Verify;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Emulator;

/// <summary>
/// Adds the image backups of a seed. Real operations bring each of them into its status: an export, and then an upload, download, verification or deletion,
/// which an injected fault fails or lets wait.
/// </summary>
internal sealed class SeedBackups(
    SeedScope scope,
    ExportPlanner exports,
    UploadPlanner uploads,
    DownloadPlanner downloads,
    VerifyPlanner verifications,
    DeletePlanner deletions,
    FlowProgress progress,
    FaultInjector faults,
    IOptions<FlowOptions> flows,
    IDbContextFactory<ImageBackupDbContext> contexts)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Checks what can be checked before anything is added.</summary>
    /// <exception cref="Core.Errors.InvalidRequestException">The operations that wait would leave no worker to others.</exception>
    public void Check(IReadOnlyList<SeedBackupRequest> seeds)
    {
        var waiting = seeds.Count(seed => StatusOf(seed) is { } status && status.IsTransient() && status != BackupStatus.Deleting);
        if (waiting >= flows.Value.MaxConcurrent)
        {
            throw InvalidField.InRecord("image_backups", $"{waiting} operations would wait, and Flows:MaxConcurrent is {flows.Value.MaxConcurrent}, so no other operation could run. Set Flows:MaxConcurrent to {waiting + 1} or more.");
        }
    }

    /// <summary>Adds an image backup and returns its id.</summary>
    public async Task<int> AddAsync(SeedBackupRequest seed, CancellationToken cancellationToken)
    {
        var caller = scope.CallerOf(seed.Project);
        var createdAt = seed.CreatedAt is { } text ? TimeOf(text) : (DateTime?)null;
        var image = await FindImageAsync(caller, seed.Image, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var existing = await db.Backups.Where(backup => backup.ProjectId == caller.ProjectId && backup.Name == seed.Name).Select(backup => (int?)backup.Id).FirstOrDefaultAsync(cancellationToken);
        if (existing is { } known)
        {
            return known;
        }

        var id = await MakeAsync(caller, seed, image, cancellationToken);
        if (createdAt is { } time)
        {
            await db.Backups.Where(backup => backup.Id == id).ExecuteUpdateAsync(set => set.SetProperty(backup => backup.CreatedAt, time), cancellationToken);
        }

        return id;
    }

    private async Task<int> MakeAsync(Caller caller, SeedBackupRequest seed, ImageRecord image, CancellationToken cancellationToken)
    {
        var status = StatusOf(seed);
        var export = new ExportCommand
        {
            Name = seed.Name,
            Description = seed.Description,
            SrcImageId = image.Id,
            BackupHost = seed.BackupHost,
            UploadToCos = status is BackupStatus.Uploaded or BackupStatus.Downloading or BackupStatus.DownloadFailed,
            Compression = CompressionWords.Parse(seed.Compression),
            CosBucket = seed.CosBucket,
        };
        if (status is BackupStatus.CreatingBackup or BackupStatus.Error)
        {
            // The task's name ends with the id of the image backup, which is not known yet. No other export of the image runs.
            return await DisturbAsync(caller, seed, BackupNames.BackupVolume(ImageVolumes.Parse(image)[0].VolumeId, 0)[..^1] + "*", () => exports.StartAsync(caller, export, key: null, cancellationToken), cancellationToken);
        }

        var id = await EndAsync(caller, await exports.StartAsync(caller, export, key: null, cancellationToken), cancellationToken);
        return status switch
        {
            BackupStatus.Uploading or BackupStatus.UploadFailed => await DisturbAsync(caller, seed, BackupNames.UploadOva(id), () => uploads.StartAsync(caller, id, seed.CosBucket, cancellationToken), cancellationToken),
            BackupStatus.Downloading or BackupStatus.DownloadFailed => await DisturbAsync(caller, seed, BackupNames.DownloadOva(id), () => downloads.StartAsync(caller, id, seed.BackupHost, cancellationToken), cancellationToken),
            BackupStatus.ExtractingOva => await DisturbAsync(caller, seed, BackupNames.VerifyOva(id), () => verifications.StartAsync(caller, id, forceRaw: false, cancellationToken), cancellationToken),
            BackupStatus.Deleting => await DisturbAsync(caller, seed, BackupNames.DeleteOva(id), () => DeleteAsync(caller, id, cancellationToken), cancellationToken),
            _ => id,
        };
    }

    private async Task<StartedOperation> DeleteAsync(Caller caller, int id, CancellationToken cancellationToken)
    {
        await deletions.StartAsync(caller, id, force: false, cancellationToken);
        return new StartedOperation(id, "", BackupActions.Delete);
    }

    /// <summary>Starts an operation that an injected fault fails, or lets wait if the status is that of a running operation.</summary>
    private async Task<int> DisturbAsync(Caller caller, SeedBackupRequest seed, string task, Func<Task<StartedOperation>> startAsync, CancellationToken cancellationToken)
    {
        var waits = StatusOf(seed).IsTransient();
        var fault = faults.Add(number => waits
            ? new InjectedFault(number, task, StatusOf(seed) == BackupStatus.Deleting ? 0 : seed.Progress, FaultAction.Stall, 0, 1, "")
            : new InjectedFault(number, task, 0, FaultAction.Fail, 0, 1, seed.FailReason));
        var started = await startAsync();
        if (!waits)
        {
            await EndAsync(caller, started, cancellationToken);
            faults.Remove(fault.Id);
            return started.BackupId;
        }

        while (fault.Left > 0)
        {
            await Task.Delay(PollInterval, cancellationToken);
        }

        return started.BackupId;
    }

    private async Task<int> EndAsync(Caller caller, StartedOperation started, CancellationToken cancellationToken)
    {
        while (!progress.Get(caller, started.TaskId, started.BackupId).IsFinished)
        {
            await Task.Delay(PollInterval, cancellationToken);
        }

        return started.BackupId;
    }

    private async Task<ImageRecord> FindImageAsync(Caller caller, string image, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var visible = db.Images.AsNoTracking().Where(row => row.Owner == caller.ProjectId || row.Visibility == ImageVisibility.Public || row.Visibility == ImageVisibility.Community);
        return await visible.FirstOrDefaultAsync(row => row.Id == image, cancellationToken)
            ?? await visible.Where(row => row.Name == image).OrderByDescending(row => row.Owner == caller.ProjectId).FirstOrDefaultAsync(cancellationToken)
            ?? throw InvalidField.Create("image", image, "The project sees no image of this name or id. Add it below images.");
    }

    private static BackupStatus StatusOf(SeedBackupRequest seed) => WireNames.Find<BackupStatus>(seed.Status)!.Value;

    private static DateTime TimeOf(string text)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : throw InvalidField.Create("created_at", text, "Use a time such as 2026-01-31T23:00:00Z.");
}
