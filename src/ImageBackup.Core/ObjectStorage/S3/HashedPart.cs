namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>A part of a file and its digest.</summary>
/// <param name="Number">1 to 10,000.</param>
/// <param name="Range">The part's bytes in the file.</param>
/// <param name="ContentMd5">The MD5 of the bytes, base64. The store compares it with the bytes that arrive.</param>
internal sealed record HashedPart(int Number, FileRange Range, string ContentMd5)
{
    /// <summary>Returns whether a stored part has the same bytes, as far as its ETag tells. Stores that encrypt parts have ETags of another kind.</summary>
    public bool IsStoredAs(UploadedPart stored)
        => stored.Size == Range.Length && stored.ETag.Trim('"').Equals(Convert.ToHexStringLower(Convert.FromBase64String(ContentMd5)), StringComparison.OrdinalIgnoreCase);
}
