namespace ImageBackup.Ova;

/// <summary>An archive, its descriptor, its manifest or one of its volumes is refused. The message says what is wrong and what is expected, and is safe to show.</summary>
public sealed class InvalidOvaException(string message, Exception? cause = null) : Exception(message, cause);
