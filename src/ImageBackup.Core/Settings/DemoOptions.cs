namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Demo</c>.</summary>
public sealed class DemoOptions
{
    public const string Section = ImageBackupOptions.Section + ":Demo";

    /// <summary>Creates a small image on the first start.</summary>
    public bool Enabled { get; set; } = true;
}
