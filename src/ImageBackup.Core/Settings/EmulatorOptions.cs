namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Emulator</c>: faults, seeds and resets for tests of clients.</summary>
public sealed class EmulatorOptions
{
    public const string Section = ImageBackupOptions.Section + ":Emulator";

    /// <summary>Serves <c>/emulator</c>. Off by default.</summary>
    public bool Enabled { get; set; }

    /// <summary>A YAML or JSON file with the data of the first start and of each reset, as <c>POST /emulator/seed</c> takes it.</summary>
    public string? SeedFile { get; set; }
}
