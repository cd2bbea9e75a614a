namespace ImageBackup.Core.Errors;

/// <summary>An expected error. Its message is safe to show to callers, its kind decides the HTTP status.</summary>
public abstract class BackupException(ErrorKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The kind of error.</summary>
    public ErrorKind Kind => kind;
}

/// <summary>The request names something that does not exist for this caller.</summary>
public sealed class NotFoundException(string message) : BackupException(ErrorKind.NotFound, message);

/// <summary>The request is malformed or invalid, or the present state does not permit it (Cinder answers 400 in this case, not 409).</summary>
public sealed class InvalidRequestException(string message, Exception? cause = null) : BackupException(ErrorKind.BadRequest, message, cause);

/// <summary>The caller's roles do not permit the operation.</summary>
public sealed class ForbiddenException(string message) : BackupException(ErrorKind.Forbidden, message);

/// <summary>The request conflicts with another one or with an existing record.</summary>
public sealed class ConflictException(string message) : BackupException(ErrorKind.Conflict, message);

/// <summary>A limit does not permit the request: a quota of the project, or the most bytes of a disk.</summary>
public sealed class OverLimitException(string message, Exception? cause = null) : BackupException(ErrorKind.OverLimit, message, cause);

/// <summary>The bytes sent are not of the declared format, or not of one that the service reads.</summary>
public sealed class UnsupportedMediaException(string message, Exception? cause = null) : BackupException(ErrorKind.UnsupportedMedia, message, cause);

/// <summary>A node, store or disk that the operation needs is temporarily not available.</summary>
public sealed class UnavailableException(string message, Exception? cause = null) : BackupException(ErrorKind.Unavailable, message, cause);
