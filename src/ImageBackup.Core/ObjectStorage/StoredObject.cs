namespace ImageBackup.Core.ObjectStorage;

/// <summary>One object, as its store describes it.</summary>
/// <param name="Key">The name in the bucket.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Identifies the content; opaque.</param>
/// <param name="LastModified">UTC.</param>
/// <param name="Metadata">The metadata stored with the object, keys in lower case; empty in listings.</param>
public sealed record StoredObject(string Key, long Size, string ETag, DateTime LastModified, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A range of bytes, at the same offsets in a file and in an object.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct FileRange(long Offset, long Length)
{
    /// <summary>The offset after the last byte.</summary>
    public long End => Offset + Length;

    /// <summary>Returns the error of a file that ends within the range.</summary>
    internal EndOfStreamException EndOfFile(long end) => new($"The file ends at byte {end}, within a range that ends at {End}.");
}
