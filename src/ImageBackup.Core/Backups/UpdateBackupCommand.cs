namespace ImageBackup.Core.Backups;

/// <summary>A validated request to change an image backup's name or description.</summary>
/// <param name="Name">The new name; null keeps the present one.</param>
/// <param name="SetsDescription">True if the request has a description, which may be null.</param>
/// <param name="Description">The new description.</param>
public sealed record UpdateBackupCommand(string? Name, bool SetsDescription, string? Description);
