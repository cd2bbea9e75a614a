namespace ImageBackup.Core.Settings;

/// <summary>A section of the settings, such as <c>ImageBackup:Flows</c>, and the options class that it is bound to.</summary>
public sealed record SettingsSection(string Path, Type Options);
