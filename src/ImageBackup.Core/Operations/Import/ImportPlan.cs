using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Import;

/// <summary>An import that passed all checks: of an image backup, or of a file or object that becomes one.</summary>
internal sealed record ImportPlan
{
    public required Caller Caller { get; init; }

    public required ImportCommand Command { get; init; }

    /// <summary>The image backup to import; null for a file or object.</summary>
    public BackupRecord? Existing { get; init; }

    public required string BackupNodeId { get; init; }

    /// <summary>The file on the node. A download may have to use another name.</summary>
    public required string OvaName { get; init; }

    /// <summary>The object or URL to download; null if the file is on the node.</summary>
    public ImportSource? Source { get; init; }

    public required long FileBytes { get; init; }

    public required string VolumeTypeId { get; init; }

    /// <summary>The disk on the node; null for an archive and for a disk that is downloaded first.</summary>
    public RawFile? RawFile { get; init; }

    public required DateTime StartedAt { get; init; }

    /// <summary>The sizes in bytes of the volumes to restore; empty if only the archive tells.</summary>
    public IReadOnlyCollection<long> KnownVolumes => RawFile is { } disk ? [disk.Capacity] : [.. (Existing?.ReadVolumes() ?? []).Select(volume => volume.Capacity)];

    /// <summary>Bytes of data in the volumes to restore, which keep their holes; 0 if only the archive tells.</summary>
    public long VolumeBytes => RawFile?.DataBytes ?? Existing?.ReadVolumes().Sum(volume => volume.DataBytes ?? 0) ?? 0;

    public BackupStatus FirstStatus => Source is null ? BackupStatus.ExtractingOva : BackupStatus.Downloading;

    public BackupRecord ToRecord() => new()
    {
        ProjectId = Caller.ProjectId,
        UserId = Caller.UserId,
        Name = Command.Name,
        Description = Command.Description,
        Status = FirstStatus,
        ReturnStatus = BackupStatus.Available,
        BackupHost = BackupNodeId,
        OvaName = OvaName,
        OsType = Command.Raw?.OsType,
        Architecture = Command.Raw?.Architecture,
        Size = RawFile is null ? 0 : Gibibytes.RoundUp(RawFile.Capacity),
        CosBucket = Source?.Bucket,
        CosObject = Source?.ObjectKey,
        CreatedAt = StartedAt,
    };

    /// <summary>Returns the state of the import.</summary>
    /// <param name="backup">The image backup.</param>
    /// <param name="logBookId">The log book.</param>
    /// <param name="downloadSpace">Bytes that the download takes on the disk of the node.</param>
    public ImportState ToState(BackupRecord backup, string logBookId, long downloadSpace) => new()
    {
        BackupId = backup.Id,
        LogBookId = logBookId,
        ProjectId = Caller.ProjectId,
        UserId = Caller.UserId,
        Name = Command.Name,
        Description = Command.Description,
        VolumeTypeId = VolumeTypeId,
        BackupNodeId = BackupNodeId,
        OvaName = backup.OvaName!,
        Raw = Command.Raw,
        ForceRaw = Command.ForceRaw,
        ImageId = Guid.NewGuid().ToString(),
        FormerImageId = backup.ImageId,
        StartedAt = StartedAt,
        FileBytes = FileBytes,
        VolumeBytes = VolumeBytes,
        OsType = Command.Raw?.OsType,
        Architecture = Command.Raw?.Architecture,
        Volumes = RawFile is null ? [] : [RawFile.ToVolume(OvaName, StartedAt, backup.Id)],
        Download = Source is null ? null : new DownloadState
        {
            BackupId = backup.Id,
            ProjectId = Caller.ProjectId,
            Bucket = Source.Bucket,
            ObjectKey = Source.ObjectKey,
            SourceUrl = Source.Url,
            Size = FileBytes,
            SpaceBytes = downloadSpace,
            Sha256 = Source.Sha256,
            BackupNodeId = BackupNodeId,
            FormerNodeId = Existing?.BackupHost,
            FormerOwnsFile = backup.OwnsFile,
            OvaName = backup.OvaName!,
        },
    };
}

/// <summary>What an import downloads: an object in a bucket, or a file at a URL, which is encrypted.</summary>
internal sealed record ImportSource(string? Bucket, string? ObjectKey, string? Url, string? Sha256);
