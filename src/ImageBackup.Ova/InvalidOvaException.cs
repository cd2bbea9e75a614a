namespace ImageBackup.Ova;

/// <summary>The archive, its descriptor, manifest or a volume in it is not what it should be; the message says what, where and what was expected.</summary>
public sealed class InvalidOvaException(string message, Exception? cause = null) : Exception(message, cause);
