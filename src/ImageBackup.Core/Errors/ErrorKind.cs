namespace ImageBackup.Core.Errors;

/// <summary>The kind of a refusal, which decides its HTTP status and the key of its fault body (Cinder's names).</summary>
public enum ErrorKind
{
    /// <summary>400 <c>badRequest</c>: malformed, invalid, or not possible in the present state.</summary>
    BadRequest,

    /// <summary>403 <c>forbidden</c>: the caller's roles don't allow it.</summary>
    Forbidden,

    /// <summary>404 <c>itemNotFound</c>: unknown, or another project's.</summary>
    NotFound,

    /// <summary>409 <c>conflictingRequest</c>.</summary>
    Conflict,

    /// <summary>413 <c>overLimit</c>.</summary>
    OverLimit,

    /// <summary>501 <c>notImplemented</c>.</summary>
    NotImplemented,

    /// <summary>503 <c>serviceUnavailable</c>: a node, a store or a disk that isn't there just now.</summary>
    Unavailable,
}
