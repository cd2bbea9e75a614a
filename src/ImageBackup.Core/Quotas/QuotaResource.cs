namespace ImageBackup.Core.Quotas;

/// <summary>Cinder's words for what a quota limits.</summary>
public static class QuotaResource
{
    /// <summary>Volumes without the temporary clones of exports.</summary>
    public const string Volumes = "volumes";

    /// <summary>GiB of all volumes, each rounded up.</summary>
    public const string Gigabytes = "gigabytes";

    /// <summary>GiB of one volume.</summary>
    public const string PerVolumeGigabytes = "per_volume_gigabytes";

    /// <summary>Image backups.</summary>
    public const string Backups = "backups";

    /// <summary>GiB of the volumes in all image backups, each rounded up.</summary>
    public const string BackupGigabytes = "backup_gigabytes";

    /// <summary>Every resource.</summary>
    public static readonly IReadOnlyList<string> All = [Volumes, Gigabytes, PerVolumeGigabytes, Backups, BackupGigabytes];
}
