namespace ImageBackup.Core.Errors;

/// <summary>Stops a start for a reason that the operator can remove. The message is one line without secrets.</summary>
public sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
