namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Emulator</c>: fault injection for tests of clients.</summary>
public sealed class EmulatorOptions
{
    public const string Section = ImageBackupOptions.Section + ":Emulator";

    /// <summary>Serves <c>/emulator/faults</c> and <c>/emulator/reset</c>. Off by default.</summary>
    public bool Enabled { get; set; }
}
