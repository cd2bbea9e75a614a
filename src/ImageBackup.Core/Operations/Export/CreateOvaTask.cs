using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Disks;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Descriptor;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Writes the archive from the containers: descriptor, manifest, block lists, volumes.</summary>
internal sealed class CreateOvaTask(ExportState state, ExportPaths paths, OvaWriter writer) : FlowTask
{
    public override string Name => BackupNames.CreateOva(state.BackupId);

    public override long ExpectedBytes => state.Volumes.Sum(volume => volume.Packed?.StoredSize ?? volume.SizeBytes / 2);

    // update_task changes the database before it removes the containers.
    public override bool MayRunAgain => true;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        var members = state.Volumes.SelectMany(Members).ToList();
        context.SetTotal(members.Sum(member => member.Size));
        state.Ova = await writer.WriteAsync(paths.Ova, Describe(), members, context.ReportAsync, cancellationToken);
        return null;
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
    {
        File.Delete(paths.Ova);
        File.Delete(paths.Ova + OvaWriter.PartialSuffix);
        state.Ova = null;
        return Task.CompletedTask;
    }

    private IEnumerable<OvaMember> Members(ExportVolume volume)
    {
        var packed = volume.Packed ?? throw new InvalidDataException($"Volume {volume.VolumeId} has no backup in its container");
        yield return new OvaMember { Name = OvaMember.BlockListOf(volume.Member), FilePath = paths.BlockList(volume), Size = packed.BlockListSize, Sha256 = packed.BlockListSha256 };
        yield return new OvaMember { Name = volume.Member, FilePath = paths.Member(volume), Size = packed.StoredSize, Sha256 = packed.StoredSha256, AlignData = true };
    }

    private OvfDescriptor Describe() => new()
    {
        Name = state.ImageName,
        Description = state.Description,
        OsType = state.OsType,
        Architecture = state.Architecture,
        Volumes = [.. state.Volumes.Select(volume => new OvfVolume
        {
            Href = volume.Member,
            Name = volume.Member,
            Capacity = volume.SizeBytes,
            StoredSize = volume.Packed!.StoredSize,
            Compression = state.Compression == OvaCompression.None ? null : DiskFormat.Gzip,
            Boot = volume.BootIndex >= 0,
        })],
    };
}
