namespace ImageBackup.Core.Settings;

/// <summary>A setting that names a JSON file, and the members of an options class that the file may contain.</summary>
public sealed record SettingsFile(string Key, Type Options, IReadOnlyList<string> Members);
