namespace ImageBackup.Core.ObjectStorage;

/// <summary>One object, as its store describes it.</summary>
/// <param name="Key">Its name in the bucket.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Names this very content; opaque.</param>
/// <param name="LastModified">UTC.</param>
/// <param name="Metadata">What was stored beside it, keys in lower case; empty in listings.</param>
public sealed record StoredObject(string Key, long Size, string ETag, DateTime LastModified, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A multipart upload that is under way.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">The object to be.</param>
/// <param name="UploadId">The store's name for the upload.</param>
public sealed record OpenUpload(string Bucket, string Key, string UploadId);

/// <summary>A part that the store holds.</summary>
/// <param name="Number">1 to 10,000.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Names the part's content; opaque.</param>
public sealed record UploadedPart(int Number, long Size, string ETag);

/// <summary>A run of bytes, at the same place in a file and in an object.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct FileRange(long Offset, long Length)
{
    /// <summary>The byte after the last one.</summary>
    public long End => Offset + Length;
}

/// <summary>A bucket and the store it is in.</summary>
/// <param name="Store">The store.</param>
/// <param name="Name">The bucket's name.</param>
public sealed record Bucket(IObjectStore Store, string Name);
