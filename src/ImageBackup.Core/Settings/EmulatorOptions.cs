namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Emulator</c>: levers for those who test their own automation. Never on by accident.</summary>
public sealed class EmulatorOptions
{
    public const string Section = ImageBackupOptions.Section + ":Emulator";

    /// <summary>Serves <c>/emulator/faults</c> and <c>/emulator/reset</c>.</summary>
    public bool Enabled { get; set; }
}
