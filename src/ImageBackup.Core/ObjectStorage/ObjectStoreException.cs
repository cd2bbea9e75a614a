using ImageBackup.Core.Errors;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>An object store failed or refused a request. The message names bucket, endpoint and cause, and contains no secret.</summary>
public sealed class ObjectStoreException(ObjectStoreError error, string message, Exception? cause = null)
    : BackupException(KindOf(error), message, cause)
{
    public ObjectStoreError Error => error;

    private static ErrorKind KindOf(ObjectStoreError error) => error switch
    {
        ObjectStoreError.NoObject => ErrorKind.NotFound,
        ObjectStoreError.Unavailable => ErrorKind.Unavailable,
        _ => ErrorKind.BadRequest,
    };
}

/// <summary>The errors of an object store. Only <see cref="Unavailable"/> is temporary.</summary>
public enum ObjectStoreError
{
    /// <summary>The bucket does not exist.</summary>
    NoBucket,

    /// <summary>The credentials are wrong or do not permit the request.</summary>
    NoAccess,

    /// <summary>The object does not exist.</summary>
    NoObject,

    /// <summary>The unfinished upload does not exist, or no longer.</summary>
    NoUpload,

    /// <summary>The object was replaced since it was looked up.</summary>
    Changed,

    /// <summary>The content is not the content that was stored.</summary>
    Damaged,

    /// <summary>The request can never succeed: a name, a size or a setting is not acceptable.</summary>
    Refused,

    /// <summary>The store cannot be reached, is overloaded, or stopped sending.</summary>
    Unavailable,
}
