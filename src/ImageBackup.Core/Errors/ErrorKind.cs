namespace ImageBackup.Core.Errors;

/// <summary>The kind of an error. It decides the HTTP status and the key of the error body (Cinder's names).</summary>
public enum ErrorKind
{
    /// <summary>400 <c>badRequest</c>: malformed, invalid, or not permitted in the present state.</summary>
    BadRequest,

    /// <summary>403 <c>forbidden</c>: the caller's roles do not permit it.</summary>
    Forbidden,

    /// <summary>404 <c>itemNotFound</c>: does not exist, or belongs to another project.</summary>
    NotFound,

    /// <summary>409 <c>conflictingRequest</c>.</summary>
    Conflict,

    /// <summary>413 <c>overLimit</c>.</summary>
    OverLimit,

    /// <summary>415 <c>badMediaType</c>.</summary>
    UnsupportedMedia,

    /// <summary>501 <c>notImplemented</c>.</summary>
    NotImplemented,

    /// <summary>503 <c>serviceUnavailable</c>: a node, a store or a disk is temporarily not available.</summary>
    Unavailable,
}
