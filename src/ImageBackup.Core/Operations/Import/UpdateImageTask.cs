using ImageBackup.Core.Backups;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Makes the volumes available, sets the image's properties and activates the image.</summary>
internal sealed class UpdateImageTask(ImportState state, ImportedImageStore images, OperationVolumeStore volumes, BackupStore backups) : FlowTask
{
    public override string Name => BackupNames.UpdateImage(state.Name);

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        foreach (var volume in state.Volumes)
        {
            await volumes.MakeAvailableAsync(volume.VolumeId, state.ImageId, cancellationToken);
        }

        await images.ActivateAsync(state.ImageId, Properties(), cancellationToken);
        await backups.SetFactsAsync(state.BackupId, backup => backup.ImageId = state.ImageId, cancellationToken);
        return null;
    }

    public override Task RevertAsync(CancellationToken cancellationToken) => backups.SetFactsAsync(state.BackupId, ForgetImage, cancellationToken);

    private void ForgetImage(BackupRecord backup)
    {
        if (backup.ImageId == state.ImageId)
        {
            backup.ImageId = state.FormerImageId;
        }
    }

    /// <summary>Returns the properties that PowerVC gives its images.</summary>
    private Dictionary<string, string> Properties()
    {
        var properties = new Dictionary<string, string>(VolumeBackedImage.Properties)
        {
            ["hypervisor_type"] = "phyp",
            ["image_backup_id"] = $"{state.BackupId}",
        };
        AddIfKnown("description", state.Description);
        AddIfKnown("os_distro", state.OsType);
        foreach (var (name, value) in ImageArchitecture.PropertiesOf(state.Architecture))
        {
            properties[name] = value;
        }

        return properties;

        void AddIfKnown(string key, string? value)
        {
            if (value is not null)
            {
                properties[key] = value;
            }
        }
    }
}
