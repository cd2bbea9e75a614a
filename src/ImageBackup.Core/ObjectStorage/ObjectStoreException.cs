using ImageBackup.Core.Errors;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>An object store could not do what it was asked; the message names bucket, endpoint and cause, and no secret.</summary>
public sealed class ObjectStoreException(ObjectStoreFault fault, string message, Exception? cause = null)
    : BackupException(KindOf(fault), message, cause)
{
    /// <summary>What went wrong.</summary>
    public ObjectStoreFault Fault => fault;

    private static ErrorKind KindOf(ObjectStoreFault fault) => fault switch
    {
        ObjectStoreFault.NoObject => ErrorKind.NotFound,
        ObjectStoreFault.Unavailable => ErrorKind.Unavailable,
        _ => ErrorKind.BadRequest,
    };
}

/// <summary>What went wrong at an object store; only <see cref="Unavailable"/> may pass by itself.</summary>
public enum ObjectStoreFault
{
    /// <summary>The bucket does not exist.</summary>
    NoBucket,

    /// <summary>The keys are wrong, or don't allow it.</summary>
    NoAccess,

    /// <summary>The object does not exist.</summary>
    NoObject,

    /// <summary>The multipart upload does not exist, or no longer.</summary>
    NoUpload,

    /// <summary>The object is no longer the one it was.</summary>
    Changed,

    /// <summary>What was fetched is not what was stored.</summary>
    Damaged,

    /// <summary>The store or we refuse this for good: a name, a size, a configuration.</summary>
    Refused,

    /// <summary>The store can't be reached, is overloaded, or stalled.</summary>
    Unavailable,
}
