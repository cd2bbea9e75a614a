namespace ImageBackup.Core.Catalog;

/// <summary>Cinder's words for a volume's status.</summary>
public static class VolumeStatus
{
    public const string Creating = "creating";

    public const string Available = "available";

    public const string RestoringBackup = "restoring-backup";

    public const string Deleting = "deleting";

    public const string Error = "error";
}
