namespace ImageBackup.Ova;

/// <summary>An archive, its descriptor, its manifest or one of its volumes is refused. The message says what is wrong and what is expected, and is safe to show.</summary>
public sealed class InvalidOvaException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>True if the archive may be intact but has a shape or format that is not read; false if it contradicts itself or its standards.</summary>
    public bool IsUnsupported { get; private init; }

    /// <summary>Returns the exception for an archive of a shape or format that is not read.</summary>
    public static InvalidOvaException Unsupported(string message, Exception? cause = null) => new(message, cause) { IsUnsupported = true };
}
