using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Reads the archive's descriptor, manifest and layout. Later tasks restore the volumes from the archive itself.</summary>
internal sealed class ExtractOvaTask(ImportState state, ImportPaths paths, BackupStore backups) : FlowTask
{
    public override string Name => BackupNames.ExtractOva(state.OvaName);

    public override long ExpectedBytes => state.FileBytes;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var scratch = await paths.NewScratchAsync(cancellationToken);
        var archive = await OvaReader.ReadAsync(paths.Ova, new OvaReaderOptions { ScratchDirectory = scratch, ForceRaw = state.ForceRaw, RefusesLinks = true }, context.ReportAsync, cancellationToken);
        var recorded = (await backups.FindAsync(state.BackupId, cancellationToken))?.ReadVolumes() ?? [];
        state.OsType = archive.Descriptor.OsType;
        state.Architecture = archive.Descriptor.Architecture;
        state.Volumes.Clear();
        state.Volumes.AddRange(InBootOrder(archive).Select((member, number) => Plan(member, number, recorded)));
        await backups.SetFactsAsync(state.BackupId, backup => Record(backup, archive), cancellationToken);
        return null;
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
    {
        state.Volumes.Clear();
        return Task.CompletedTask;
    }

    /// <summary>Returns the boot set and then the data volumes, each in the descriptor's order.</summary>
    private static IEnumerable<OvaVolumeMember> InBootOrder(OvaArchive archive) => archive.Volumes.OrderByDescending(member => member.Volume.Boot);

    private ImportVolume Plan(OvaVolumeMember member, int number, IReadOnlyList<BackupVolume> recorded)
    {
        var known = recorded.FirstOrDefault(volume => volume.Name == member.Volume.Href);
        return new ImportVolume
        {
            RestoredName = BackupNames.Restored(TimeBasedUuid.Create(state.StartedAt, number), state.BackupId),
            CinderBackupId = Guid.NewGuid().ToString(),
            VolumeId = Guid.NewGuid().ToString(),
            Member = member.Volume.Href,
            BootIndex = member.Volume.Boot ? number : -1,
            Capacity = member.Volume.Capacity,
            Stored = member.Stored,
            IsGzip = member.Encoding is MemberEncoding.Gzip,
            IsDiskImage = member.Encoding is MemberEncoding.DiskImage,
            Format = member.Volume.Format,
            StoredDigest = OvaDigest.Sha256(known?.StoredSha256) ?? member.Expected,
            VolumeDigest = known?.VolumeDigest,
            BlockList = member.BlockList,
        };
    }

    private void Record(BackupRecord backup, OvaArchive archive)
    {
        backup.ImageName ??= archive.Descriptor.Name;
        backup.OsType ??= archive.Descriptor.OsType;
        backup.Architecture ??= archive.Descriptor.Architecture;
        backup.OvaSize ??= new FileInfo(paths.Ova).Length;
        backup.Size = archive.Volumes.Sum(member => Gibibytes.RoundUp(member.Volume.Capacity));
        if (backup.Volumes is null)
        {
            backup.WriteVolumes(archive.Volumes.Select(Describe));
        }
    }

    private static BackupVolume Describe(OvaVolumeMember member, int number) => new()
    {
        Name = member.Volume.Href,
        BootIndex = member.Volume.Boot ? number : -1,
        Capacity = member.Volume.Capacity,
        StoredSize = member.Stored.Length,
        StoredSha256 = member.Expected?.Sha256Hex,
    };
}
