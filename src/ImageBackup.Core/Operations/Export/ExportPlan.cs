using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova;

namespace ImageBackup.Core.Operations.Export;

/// <summary>A volume to export, its place in the boot order, and its bytes that are not holes.</summary>
internal sealed record SourceVolume(VolumeRecord Volume, int BootIndex, long DataBytes);

/// <summary>An export that passed all checks. The transaction that starts it makes the record and the state from it.</summary>
internal sealed record ExportPlan(
    Caller Caller,
    ExportCommand Command,
    ImageRecord Image,
    BackupNodeRecord Node,
    string? Bucket,
    OvaCompression Compression,
    IReadOnlyList<SourceVolume> Volumes,
    DateTime StartedAt)
{
    private string ImageName => Image.Name ?? Image.Id;

    public BackupRecord ToRecord() => new()
    {
        ProjectId = Caller.ProjectId,
        UserId = Caller.UserId,
        Name = Command.Name,
        Description = Command.Description,
        Status = BackupStatus.CreatingBackup,
        SrcImageId = Image.Id,
        ImageName = ImageName,
        BackupHost = Node.BackupNodeId,
        OwnsFile = true,
        Size = Volumes.Sum(source => Gibibytes.RoundUp(source.Volume.SizeBytes)),
        OsType = Image.Properties.GetValueOrDefault("os_distro") ?? Image.Properties.GetValueOrDefault("os_type"),
        Architecture = ImageArchitecture.WordOf(Image.Properties),
        RequestedCompression = Command.Compression.ToWire(),
        EffectiveCompression = Compression.ToWire(),
        UploadToCos = Command.UploadToCos,
        CosBucket = Bucket,
        CreatedAt = StartedAt,
    };

    public ExportState ToState(BackupRecord backup, string logBookId) => new()
    {
        BackupId = backup.Id,
        LogBookId = logBookId,
        BackupName = backup.Name,
        OvaName = backup.OvaName!,
        Description = backup.Description,
        ImageId = Image.Id,
        ImageName = ImageName,
        OsType = backup.OsType,
        Architecture = backup.Architecture,
        BackupNodeId = Node.BackupNodeId,
        Compression = Compression,
        StartedAt = StartedAt,
        Volumes = [.. Volumes.Select((source, number) => new ExportVolume
        {
            VolumeId = source.Volume.Id,
            BootIndex = source.BootIndex,
            SizeBytes = source.Volume.SizeBytes,
            DataBytes = source.DataBytes,
            TempVolumeId = Guid.NewGuid().ToString(),
            CinderBackupId = Guid.NewGuid().ToString(),
            Member = BackupNames.Member(ImageName, number + 1),
        })],
        Upload = Bucket is null ? null : new UploadState
        {
            BackupId = backup.Id,
            ProjectId = backup.ProjectId,
            BackupNodeId = Node.BackupNodeId,
            OvaName = backup.OvaName!,
            Bucket = Bucket,
            ExpectedBytes = Volumes.Sum(source => source.Volume.SizeBytes) / 2,
        },
    };
}
