using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Makes the restored volume's block device mapping (Nova's BDM v2). Result: the mapping.</summary>
internal sealed class CreateBlockDeviceMappingTask(ImportVolume volume) : FlowTask
{
    public override string Name => BackupNames.CreateMap(volume.RestoredName);

    public override Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        => Task.FromResult<object?>(new[] { BlockDevice.Of(volume) });
}

/// <summary>One entry of a mapping. <c>delete_on_termination</c> is a string, as on IBM's page.</summary>
internal sealed record BlockDevice(int BootIndex, string SourceType, string DeleteOnTermination, string DestinationType, string DeviceType, string VolumeId)
{
    public static BlockDevice Of(ImportVolume volume) => new(volume.BootIndex, "volume", "true", "volume", "disk", volume.VolumeId);
}
