namespace ImageBackup.Core.Operations;

/// <summary>An operation that was started: its image backup, its <c>task_id</c> and its action.</summary>
public sealed record StartedOperation(int BackupId, string TaskId, string Action);
