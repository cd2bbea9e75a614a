namespace ImageBackup.Core.Errors;

/// <summary>An expected refusal: its message is safe to show, its kind decides the status of the answer.</summary>
public abstract class BackupException(ErrorKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What kind of refusal this is.</summary>
    public ErrorKind Kind => kind;
}

/// <summary>Something named by the request does not exist for this caller.</summary>
public sealed class NotFoundException(string message) : BackupException(ErrorKind.NotFound, message);

/// <summary>The request is malformed, names something that can't be, or asks for what the present state forbids (Cinder answers 400 there, not 409).</summary>
public sealed class InvalidRequestException(string message, Exception? cause = null) : BackupException(ErrorKind.BadRequest, message, cause);

/// <summary>The caller's roles don't allow the operation.</summary>
public sealed class ForbiddenException(string message) : BackupException(ErrorKind.Forbidden, message);

/// <summary>The thing can't be changed while something else holds it.</summary>
public sealed class ConflictException(string message) : BackupException(ErrorKind.Conflict, message);

/// <summary>A node, store or disk that the operation needs is not available now.</summary>
public sealed class UnavailableException(string message, Exception? cause = null) : BackupException(ErrorKind.Unavailable, message, cause);

/// <summary>The operation needs a part of the service that is not there.</summary>
public sealed class NotOfferedException(string message) : BackupException(ErrorKind.NotImplemented, message);
