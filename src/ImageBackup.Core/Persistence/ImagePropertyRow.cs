namespace ImageBackup.Core.Persistence;

/// <summary>Finds images by a property. It is copied from <see cref="ImageRecord.Properties"/>.</summary>
public sealed record ImagePropertyRow(string ImageId, string Name, string Value);

/// <summary>Finds the images that use a volume. It is copied from <see cref="ImageRecord.BlockDeviceMapping"/>.</summary>
public sealed record ImageVolumeRow(string ImageId, string VolumeId);
