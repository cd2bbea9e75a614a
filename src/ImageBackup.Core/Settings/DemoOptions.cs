namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Demo</c>.</summary>
public sealed class DemoOptions
{
    public const string Section = ImageBackupOptions.Section + ":Demo";

    /// <summary>Puts a small image in the catalogue on a first start.</summary>
    public bool Enabled { get; set; } = true;
}
